import { keywordsOf } from './wrong-keywords.ts'

/**
 * Whether a value can be checked in a time that grows only with the length of the schema times that of the value. A
 * reference could repeat a part of the schema many times; some formats and the comparison of items are slower.
 */
export function isLinear(schema: unknown): boolean {
  for (const { keyword } of keywordsOf(schema, '')) if (!linear.has(keyword)) return false
  return true
}

const linear = new Set([
  '$schema',
  '$comment',
  'title',
  'description',
  'default',
  'example',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'type',
  'enum',
  'const',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'prefixItems',
  'anyOf',
  'oneOf',
  'allOf',
  'not',
])
