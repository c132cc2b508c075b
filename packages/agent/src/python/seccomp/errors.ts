/** Error numbers by their names in errno(3). */
export const errors = { EPERM: 1, ENOSYS: 38, ENETUNREACH: 101 } as const
