/** Makes of an error of the domain what callers of a dialect read, and leaves any other as it is. */
export type ErrorPaths = (error: unknown) => unknown
