import { cutText, type FieldError } from '@longhaul/core'
import { join, longestPath } from './describe-errors.ts'
import { isObject } from './json-values.ts'
import { linearPattern } from './linear-pattern.ts'

/** The first problems with keywords that the meta-schema allows but that are not supported here. */
export function wrongKeywords(schema: Record<string, unknown>, most: number): FieldError[] {
  const found: FieldError[] = []
  for (const { keyword, value, path } of keywordsOf(schema, '')) {
    found.push(...wrongKeyword(keyword, value, cutText(path, longestPath)))
    if (found.length >= most) break
  }
  return found
}

function wrongKeyword(keyword: string, value: unknown, path: string): FieldError[] {
  if (/^\$(?:ref|dynamicRef)$/.test(keyword) && typeof value === 'string') {
    const message = 'may only refer to a place in this schema, "#/…"'
    return value.startsWith('#') ? [] : [{ path, message }]
  }
  if (keyword === 'enum' && Array.isArray(value) && value.length === 0) {
    return [{ path, message: 'needs at least one value' }]
  }
  if (keyword === 'pattern' && typeof value === 'string') return badPattern(value, path)
  if (keyword === 'patternProperties' && isObject(value)) {
    return Object.keys(value).flatMap((pattern) => badPattern(pattern, path))
  }
  return []
}

/** The keywords of a schema and of its subschemas, without data and names of properties. */
export function* keywordsOf(
  schema: unknown,
  path: string,
): Generator<{ keyword: string; value: unknown; path: string }> {
  if (Array.isArray(schema)) {
    for (const [index, item] of schema.entries()) yield* keywordsOf(item, `${path}[${index}]`)
  }
  if (!isObject(schema)) return
  for (const [keyword, value] of Object.entries(schema)) {
    const at = join(path, keyword)
    yield { keyword, value, path: at }
    if (holdsData.has(keyword)) continue
    if (holdsNames.has(keyword) && isObject(value)) {
      for (const [name, item] of Object.entries(value)) yield* keywordsOf(item, join(at, name))
    } else {
      yield* keywordsOf(value, at)
    }
  }
}

const holdsData = new Set(['const', 'enum', 'default', 'example', 'examples'])
const holdsNames = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
])

function badPattern(pattern: string, path: string): FieldError[] {
  try {
    linearPattern(pattern)
    return []
  } catch (error) {
    return [{ path, message: `has a pattern that is not supported: ${reasonOf(error)}` }]
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason'
  return cutText(error.message.split('\n')[0] ?? '', 300)
}
