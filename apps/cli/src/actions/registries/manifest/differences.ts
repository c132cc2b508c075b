/** A field of a file whose value on the server is another one. */
export type Difference = { path: string; before?: unknown; after?: unknown }

/**
 * Compares what the file names with what the server has. Fields that only the server has are no difference: they are
 * defaults, or the file does not care. A value that the server masks cannot be compared.
 */
export function differencesOf(known: unknown, wanted: unknown, path = ''): Difference[] {
  if (isMasked(known) || isEmpty(wanted, known)) return []
  if (isObject(known) && isObject(wanted)) {
    return Object.entries(wanted).flatMap(([name, value]) =>
      differencesOf(known[name], value, path === '' ? name : `${path}.${name}`),
    )
  }
  if (Array.isArray(known) && Array.isArray(wanted) && known.length === wanted.length) {
    return wanted.flatMap((value, at) => differencesOf(known[at], value, `${path}[${at}]`))
  }
  // The id of a model is short for an object with this id.
  if (typeof wanted === 'string' && isObject(known) && known['id'] === wanted) return []
  if (JSON.stringify(known) === JSON.stringify(wanted)) return []
  return [{ path, ...(known !== undefined && { before: known }), after: wanted }]
}

/** Whether the file leaves a value out that the server does not have either. */
function isEmpty(wanted: unknown, known: unknown): boolean {
  if (known !== undefined) return false
  return wanted === null || wanted === undefined || (Array.isArray(wanted) && wanted.length === 0)
}

function isMasked(value: unknown): boolean {
  return typeof value === 'string' && /^\*{3,}$|^•{3,}$/.test(value)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
