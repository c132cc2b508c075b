/** The fields that have a value: an undefined one must not overwrite what is there. */
export function defined<T extends object>(
  fields: T,
): { [name in keyof T]?: Exclude<T[name], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [name in keyof T]?: Exclude<T[name], undefined> }
}
