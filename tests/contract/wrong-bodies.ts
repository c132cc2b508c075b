import { type AnySchema, Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { bodySchemaOf, type Operation, type Schema } from './openapi-document.ts'
import { type Place, placesOf } from './body-fields.ts'
import { beyondLimits, ofEveryType } from './wrong-values.ts'

type Case = { field: string; problem: string; unions: string[]; body: unknown }

/** One body for each position and each wrong value there. */
export function* wrongBodies(operation: Operation): Generator<Case> {
  const schema = bodySchemaOf(operation)
  if (schema === undefined) return
  const fits = validatorOf(schema)
  for (const place of placesOf(schema)) {
    if (place.path === '') continue
    for (const [problem, body] of bodiesOf(place)) {
      const read = asRead(body)
      if (!fits(read) && !fits(withoutNulls(read)))
        yield { ...place, field: place.path, problem, body }
    }
  }
}

const ajv = formats.default(new Ajv2020({ strict: false }))

/** Whether a value fits a schema. */
export function validatorOf(schema: Schema) {
  return ajv.compile(schema as AnySchema)
}

/** How the API converts a body before it validates the fields. */
function asRead(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  )
}

/** Null counts as absent for an optional field. */
function withoutNulls(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (_, value: unknown) => value ?? undefined)
}

function* bodiesOf(place: Place): Generator<[problem: string, body: unknown]> {
  const { schema, put, without, branch } = place
  if (without !== undefined) yield ['missing', without()]
  if (branch === undefined) {
    for (const [problem, value] of ofEveryType(schema)) yield [problem, put(value)]
  }
  for (const [problem, value] of beyondLimits(schema)) yield [problem, put(value)]
}
