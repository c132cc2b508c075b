/** The fields of a patch that say something; an undefined one must not overwrite what is there. */
export function given<T extends object>(
  patch: T,
): { [name in keyof T]?: Exclude<T[name], undefined> } {
  const fields = Object.entries(patch).filter(([, value]) => value !== undefined)
  return Object.fromEntries(fields) as { [name in keyof T]?: Exclude<T[name], undefined> }
}
