import * as fc from 'fast-check'
import { arbitraryOf } from './arbitrary-value.ts'
import { bodySchemaOf, type Operation, type Schema } from './openapi-document.ts'
import { exampleOf } from './example-value.ts'
import { mutatedValue } from './mutate-value.ts'

/** One HTTP request to an operation. `body` is the text to send. */
export type Sent = {
  operationId: string
  method: string
  path: string
  authorized: boolean
  body: string | undefined
}

/** Existing names on the server, by the parameter that accepts them. */
export type Pools = Record<string, string[]>

/** Generates requests to an operation: valid, almost valid and junk, in all their parts. */
export function requestsTo(
  operation: Operation,
  { pools, fresh }: { pools: Pools; fresh: (body: object) => object },
): fc.Arbitrary<Sent> {
  const { parameters = [] } = operation
  const schema = bodySchemaOf(operation)
  return fc.record({
    operationId: fc.constant(operation.operationId),
    method: fc.constant(operation.method),
    path: fc
      .tuple(pathOf(operation, pools), queryOf(parameters, pools))
      .map(([path, query]) => path + query),
    authorized: fc.integer({ min: 1, max: 25 }).map((number) => number > 1),
    body: schema === undefined ? fc.constant(undefined) : bodyOf(schema, fresh),
  })
}

function pathOf({ path }: Operation, pools: Pools): fc.Arbitrary<string> {
  const pieces = path.split('/').map((piece) => {
    const [, name, rest = ''] = /^\{(\w+)\}(.*)$/.exec(piece) ?? []
    if (name === undefined) return fc.constant(piece)
    return segmentOf(pools[name] ?? []).map((segment) => segment + rest)
  })
  return fc.tuple(...pieces).map((segments) => segments.join('/'))
}

function segmentOf(pool: string[]): fc.Arbitrary<string> {
  // An empty segment, or dots, would make another path.
  const junk = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  const segment = junk.filter((text) => !/^\.+$/.test(text)).map(encodeURIComponent)
  const broken = fc.constantFrom('%', '%zz', '%ff', '%c0%af')
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...pool).map(encodeURIComponent) },
    { weight: 2, arbitrary: segment },
    { weight: 1, arbitrary: broken },
  )
}

function queryOf(parameters: Operation['parameters'], pools: Pools): fc.Arbitrary<string> {
  const pairs = (parameters ?? [])
    .filter(({ in: place }) => place === 'query')
    .map(({ name, schema }) =>
      fc
        .option(
          fc.oneof(
            { weight: 3, arbitrary: fc.constantFrom(...(pools[name] ?? [''])) },
            { weight: 3, arbitrary: arbitraryOf(schema).map(String) },
            { weight: 1, arbitrary: fc.string() },
          ),
          { freq: 2 },
        )
        .map((value) => (value === null ? [] : [[name, value] as [string, string]])),
    )
  return fc.tuple(...pairs).map((given) => {
    const query = new URLSearchParams(given.flat()).toString()
    return query === '' ? '' : `?${query}`
  })
}

function bodyOf(schema: Schema, fresh: (body: object) => object): fc.Arbitrary<string | undefined> {
  const least = fc.constant(exampleOf(schema))
  const valid = arbitraryOf(schema)
  const asJson = (body: unknown) => JSON.stringify(isObject(body) ? fresh(body) : body)
  return fc.oneof(
    { weight: 2, arbitrary: least.map(asJson) },
    { weight: 6, arbitrary: valid.map(asJson) },
    { weight: 3, arbitrary: mutatedValue(least).map(asJson) },
    { weight: 6, arbitrary: mutatedValue(valid).map(asJson) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string() },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
}

function isObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
}
