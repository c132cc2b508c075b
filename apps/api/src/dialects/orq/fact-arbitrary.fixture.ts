import { Fact, type NewFact, Recorded } from '@longhaul/core'
import * as fc from 'fast-check'
import { z } from 'zod'

export type FactSchema = (typeof NewFact.options)[number]

/** Facts of one type, with and without each optional field. */
export function arbitraryFact(schema: FactSchema): fc.Arbitrary<Fact> {
  const recorded = objectOf(Recorded.shape)
  return fc
    .tuple(objectOf(schema.shape), recorded)
    .map(([fact, record]) => Fact.parse({ ...fact, ...record }))
}

/** Small values that a schema accepts. */
export function arbitraryOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodObject) return objectOf(schema.shape)
  if (schema instanceof z.ZodArray) return fc.array(arbitraryOf(schema.element), { maxLength: 3 })
  if (schema instanceof z.ZodRecord) {
    const keys = fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__')
    return fc.dictionary(keys, arbitraryOf(schema.valueType), { maxKeys: 3 })
  }
  if (schema instanceof z.ZodUnion) return fc.oneof(...schema.options.map(arbitraryOf))
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values)
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options)
  if (schema instanceof z.ZodDefault || isOptional(schema)) return arbitraryOf(schema.unwrap())
  if (schema instanceof z.ZodString) return fc.string({ maxLength: 10 })
  if (schema instanceof z.ZodNumber) return fc.nat()
  if (schema instanceof z.ZodBoolean) return fc.boolean()
  if (schema instanceof z.ZodUnknown) return fc.jsonValue({ maxDepth: 2 })
  throw new Error('there are no values for this type of schema')
}

function objectOf(shape: z.core.$ZodShape): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(shape)
  return fc.record(
    Object.fromEntries(fields.map(([name, schema]) => [name, arbitraryOf(schema)])),
    { requiredKeys: fields.flatMap(([name, schema]) => (isOptional(schema) ? [] : [name])) },
  )
}

function isOptional(schema: z.core.$ZodType) {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional
}
