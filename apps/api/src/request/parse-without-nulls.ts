import type { z } from 'zod'

/**
 * Parses a value. A null that the schema does not accept counts as absent, because many clients send null for an absent
 * value. Such fields are removed from the value. A null in a list stays.
 */
export function parseWithoutNulls<T>(
  schema: z.ZodType<T>,
  value: unknown,
  wording: z.core.ParseContext<z.core.$ZodIssue>,
): z.ZodSafeParseResult<T> {
  let result = schema.safeParse(value, wording)
  while (!result.success && removeNulls(value, result.error.issues)) {
    result = schema.safeParse(value, wording)
  }
  return result
}

/** Removes the nulls among the issues. Returns whether there were any. */
function removeNulls(value: unknown, issues: z.core.$ZodIssue[]): boolean {
  const removed = [...pathsOf(issues, [])].map((path) => removeNull(value, path))
  return removed.includes(true)
}

function* pathsOf(issues: z.core.$ZodIssue[], start: PropertyKey[]): Generator<PropertyKey[]> {
  for (const issue of issues) {
    const path = [...start, ...issue.path]
    yield path
    if (issue.code !== 'invalid_union') continue
    for (const branch of issue.errors) yield* pathsOf(branch, path)
  }
}

function removeNull(value: unknown, path: PropertyKey[]): boolean {
  const parent = path.slice(0, -1).reduce(fieldOf, value)
  const name = path.at(-1)
  if (name === undefined || Array.isArray(parent) || fieldOf(parent, name) !== null) return false
  return Reflect.deleteProperty(parent as object, name)
}

function fieldOf(value: unknown, name: PropertyKey): unknown {
  const isObject = typeof value === 'object' && value !== null
  return isObject ? (value as Record<PropertyKey, unknown>)[name] : undefined
}
