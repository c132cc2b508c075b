import * as fc from 'fast-check'
import { branchesOf, type Schema } from './openapi-document.ts'

/** Generates small values that a schema accepts. */
export function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  const branches = branchesOf(schema)
  if (branches[0] !== schema) return fc.oneof(...branches.map(arbitraryOf))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const types = [schema.type ?? []].flat()
  return types.length === 0
    ? fc.jsonValue()
    : fc.oneof(...types.map((type) => ofType(type, schema)))
}

function ofType(type: string, schema: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer(rangeOf(schema))
    case 'number':
      return fc.double({ ...rangeOf(schema), noNaN: true, noDefaultInfinity: true })
    case 'string':
      return textOf(schema)
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, Math.max(schema.minItems ?? 0, 3)),
      })
    case 'object':
      return objectOf(schema)
    default:
      throw new Error(`there is no type ${type}`)
  }
}

function rangeOf({ minimum, maximum, exclusiveMinimum }: Schema): { min: number; max: number } {
  const min = minimum ?? (exclusiveMinimum === undefined ? -1_000_000 : exclusiveMinimum + 1)
  return { min: Math.max(min, -1_000_000), max: Math.min(maximum ?? 1_000_000, 1_000_000) }
}

function textOf({ pattern, format, minLength = 0, maxLength = 40, examples }: Schema) {
  const most = Math.min(maxLength, Math.max(minLength, 40))
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength
  const texts =
    format === 'email'
      ? fc.constantFrom('somebody@example.com', 'x+y@example.org')
      : pattern?.includes('(?!')
        ? fc.stringMatching(/^\w{1,40}$/).filter((text) => new RegExp(pattern, 'u').test(text))
        : pattern === undefined
          ? fc.string({ unit: 'grapheme', minLength, maxLength: most }).filter(fits)
          : fc.stringMatching(new RegExp(pattern, 'u'), { maxLength: most }).filter(fits)
  return examples === undefined ? texts : fc.oneof(texts, fc.constantFrom(...examples))
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema) {
  const named = fc.record(
    Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, arbitraryOf(schema)]),
    ),
    { requiredKeys: required },
  )
  if (additionalProperties === undefined) return named
  const further = fc.dictionary(fc.string({ maxLength: 10 }), arbitraryOf(additionalProperties), {
    maxKeys: 3,
  })
  return fc.tuple(further, named).map(([others, known]) => ({ ...others, ...known }))
}
