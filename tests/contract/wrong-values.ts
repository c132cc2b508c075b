import { branchesOf, type Schema } from './openapi-document.ts'
import { exampleOf } from './example-value.ts'

type Suspect = [problem: string, value: unknown]

/** One value of each type. Most of them do not fit a given schema. */
export function* ofEveryType(schema: Schema): Generator<Suspect> {
  yield ['null', null]
  yield ['a boolean', true]
  yield ['a fraction', 7.5]
  yield ['a text', 'no such value']
  yield ['a list', []]
  // If objects are accepted, an empty one is wrong only for its missing fields.
  if (!branchesOf(schema).some(({ type }) => type === 'object')) yield ['an object', {}]
}

/** Values beyond each limit of a schema, and texts that most patterns refuse. */
export function* beyondLimits(schema: Schema): Generator<Suspect> {
  const { minimum, maximum, exclusiveMinimum } = schema
  if (minimum !== undefined) yield ['below the least', minimum - 1]
  if (maximum !== undefined) yield ['above the most', maximum + 1]
  if (exclusiveMinimum !== undefined) yield ['just below the least', exclusiveMinimum]
  if (schema.type === 'string') yield* texts(schema)
  const { items = {}, maxItems, maxProperties } = schema
  if (maxItems !== undefined) {
    yield ['too many items', Array.from({ length: maxItems + 1 }, () => exampleOf(items))]
  }
  if (maxProperties !== undefined) {
    const value = exampleOf(schema.additionalProperties ?? {})
    const names = Array.from({ length: maxProperties + 1 }, (_, number) => [`key${number}`, value])
    yield ['too many keys', Object.fromEntries(names)]
  }
}

function* texts({ maxLength }: Schema): Generator<Suspect> {
  yield ['an empty text', '']
  yield ['a blank', ' ']
  yield ['a sign', '!']
  yield ['NUL', 'a\u0000b']
  yield ['half a surrogate pair', 'a\ud800b']
  if (maxLength !== undefined) yield ['too long', 'x'.repeat(maxLength + 1)]
}
