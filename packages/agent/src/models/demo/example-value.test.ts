import { checkJsons, createContentBudget } from '@longhaul/content'
import { expect, test } from 'vitest'
import { exampleValue } from './example-value.ts'

const node = { type: 'object', properties: { next: { $ref: '#/$defs/node' } } }

test.each([
  {},
  { type: 'object', properties: { a: { type: 'string' }, b: {} }, required: ['a'] },
  { properties: { a: { items: { type: 'null' }, minItems: 2 } }, required: ['a'] },
  { type: 'object', required: ['a', 'b'], additionalProperties: true },
  { type: ['string', 'null'], enum: ['x', null] },
  { const: 5 },
  { type: 'integer', minimum: 7, multipleOf: 5 },
  { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  { type: 'integer', maximum: -3 },
  { type: 'string', minLength: 30, maxLength: 31 },
  { type: 'string', maxLength: 3 },
  { type: 'string', format: 'date-time' },
  { type: 'array', prefixItems: [{ type: 'boolean' }], items: { type: 'number' }, minItems: 3 },
  {
    anyOf: [
      { type: 'object', properties: { a: { type: 'null' } }, required: ['a'] },
      { type: 'null' },
    ],
  },
  { oneOf: [{ type: 'integer' }, { type: 'boolean' }] },
  {
    allOf: [
      { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
      { properties: { b: { type: 'boolean' } }, required: ['b'] },
    ],
  },
  { $ref: '#/$defs/node', $defs: { node } },
  {
    type: 'object',
    properties: { n: { $ref: '#/$defs/n~1m' } },
    required: ['n'],
    $defs: { 'n/m': { type: 'integer' } },
  },
])('%j accepts its example', async (schema) => {
  const json = JSON.stringify(exampleValue(schema))
  const check = { schema: JSON.stringify(schema), json }
  expect(await checkJsons([check], createContentBudget('w'))).toEqual([undefined])
})

test('a schema that multiplies its values takes little time', () => {
  const names = Array.from({ length: 28 }, (_, at) => `d${at}`)
  const $defs = Object.fromEntries(names.map((name, at) => [name, twice(`d${at + 1}`)]))
  const schema = { ...twice('d0'), $defs }
  expect(JSON.stringify(exampleValue(schema)).length).toBeLessThan(50_000)
  expect(exampleValue({ $ref: '#' })).toBeNull()
})

function twice(name: string) {
  return {
    type: 'object',
    properties: { a: { $ref: `#/$defs/${name}` }, b: { $ref: `#/$defs/${name}` } },
    required: ['a', 'b'],
  }
}
