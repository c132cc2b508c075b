import { createBudget, type FieldError } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { checkJson } from './check-json.ts'
import * as schemas from './check-schema.ts'
import { isLinear } from './linear-schema.ts'

/** The problems of a schema. */
function checkSchema(schema: unknown, budget = createBudget()): FieldError[] {
  const known = schemas.knownProblems(schema)
  return Array.isArray(known) ? known : schemas.checkSchema(known.json, budget)
}

/** The misfit of a value, checked against a schema. */
function checkAgainstSchema(schema: unknown, value: unknown, budget = createBudget()) {
  const check = { json: JSON.stringify(value), schema: JSON.stringify(schema) }
  const misfit = checkJson(check, budget)
  return misfit && 'problem' in misfit ? misfit.problem : misfit
}

describe('a schema', () => {
  test.each([
    [{}],
    [{ type: 'object', properties: { a: { type: 'string', format: 'email' } } }],
    [
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        $id: 'https://x.test/a',
        type: 'object',
      },
    ],
    [{ properties: { $ref: { type: 'string' }, pattern: { type: 'string' } } }],
    [{ default: { $ref: 'http://x', pattern: '(?=a)' }, examples: [{ $ref: 'y' }] }],
    [{ $defs: { node: { properties: { next: { $ref: '#/$defs/node' } } } } }],
    [{ type: 'object', 'x-vendor': 1, format: 'unheard-of' }],
  ])('%j can be stored', (schema) => {
    expect(checkSchema(schema)).toEqual([])
  })

  test.each([
    ['text', '', /must be a JSON Schema/],
    [[], '', /must be a JSON Schema/],
    [{ type: 'strange' }, 'type', /must be equal to one of the allowed values/],
    [{ properties: { a: { minimum: 'x' } } }, 'properties.a.minimum', /must be number/],
    [{ properties: { a: { pattern: '(?=x)' } } }, 'properties.a.pattern', /not supported/],
    [{ properties: { a: { pattern: '(a)\\1' } } }, 'properties.a.pattern', /not supported/],
    [{ patternProperties: { '(?<!x)': {} } }, 'patternProperties', /not supported/],
    [{ items: { $ref: 'https://x.test/schema' } }, 'items.$ref', /may only refer/],
    [{ allOf: [{ $ref: 'other.json' }] }, 'allOf[0].$ref', /may only refer/],
    [{ $ref: '#/$defs/missing' }, '', /leads to nothing: #\/\$defs\/missing$/],
    [{ properties: { a: { enum: [] } } }, 'properties.a.enum', /^needs at least one value$/],
    [{ type: 'object', nullable: 1 }, '', /^cannot be used as it is/],
    [{ $id: 'x:a', $defs: { a: { $id: 'x:a' } } }, '', /^cannot be used as it is/],
    [{ description: 'x'.repeat(70_000) }, '', /longer than 64 KB/],
  ])('%j has a problem at "%s"', (schema, path, message) => {
    expect(checkSchema(schema)).toContainEqual({ path, message: expect.stringMatching(message) })
  })

  test('nested too deeply is refused', () => {
    let schema = {}
    for (let level = 0; level < 40; level++) schema = { items: schema }
    expect(checkSchema(schema)).toEqual([{ path: '', message: 'is nested deeper than 32 levels' }])
  })
})

describe('a value', () => {
  const person = {
    type: 'object',
    properties: {
      name: { type: 'string' },
      tags: { type: 'array', items: { enum: ['a', 'b'] } },
      'odd/name': { type: 'integer' },
    },
    required: ['name'],
    additionalProperties: false,
  }

  test.each([
    [{ name: 'Ann', tags: ['a'] }, undefined],
    [
      { name: 'Ann', tags: ['a', 'z'] },
      'tags[1] must be equal to one of the allowed values: ["a","b"]',
    ],
    [{ name: 'Ann', 'odd/name': '1' }, 'odd/name must be integer'],
    [{ name: 'Ann', age: 1 }, 'must NOT have additional properties: "age"'],
    [{}, "must have required property 'name'"],
    [[], 'must be object'],
  ])('%j is valid, or has the problem: %s', (value, problem) => {
    expect(checkAgainstSchema(person, value)).toBe(problem)
  })

  test('with many problems has an error that names the first ones in one line', () => {
    const schema = { items: { type: 'string' } }
    expect(checkAgainstSchema(schema, [1, 2, 3, 4, 5])).toBe(
      '[0] must be string; [1] must be string; [2] must be string; and more',
    )
  })

  test('is not changed: nothing is coerced, and no default is set', () => {
    const properties = { count: { type: 'number' }, other: { default: 1 } }
    expect(checkAgainstSchema({ properties }, { count: '1' })).toBe('count must be number')
    expect(checkAgainstSchema({ properties, required: ['other'] }, {})).toMatch(
      /must have required/,
    )
  })

  test('is JSON, and an object where it must be', () => {
    expect(checkJson({ json: '{' })).toEqual({ not: 'json' })
    expect(checkJson({ json: '[]', object: true, schema: '{}' })).toEqual({
      not: 'object',
    })
    expect(checkJson({ json: '{}', object: true, schema: '{}' })).toBeUndefined()
  })

  test('needs own properties: inherited ones do not count', () => {
    expect(checkAgainstSchema({ required: ['constructor'] }, {})).toMatch(/must have required/)
    expect(checkAgainstSchema({ required: ['toString'] }, {})).toMatch(/must have required/)
  })

  test('is not checked against a schema that cannot be used', () => {
    expect(checkAgainstSchema({ $ref: '#/nowhere' }, 1)).toMatch(/schema cannot be used/)
  })

  test('nested too deeply is refused', () => {
    const json = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    expect(checkJson({ json, schema: '{}' })).toEqual({
      problem: 'nested deeper than 100 levels',
    })
  })
})

/** Each of its definitions refers to the next one twice. */
const doubling = {
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: 28 }, (_, i) => {
      const next = { $ref: `#/$defs/d${i + 1}` }
      return [`d${i}`, i === 27 ? { type: 'string' } : { allOf: [next, next] }]
    }),
  ),
}

describe('a budget', () => {
  test('is shared by all checks, and checks after its end are not made', () => {
    const budget = createBudget({ milliseconds: 300 })
    const answers = Array.from({ length: 60 }, () => checkAgainstSchema(doubling, {}, budget))
    expect(budget.milliseconds).toBeLessThanOrEqual(0)
    expect(answers.at(-1)).toMatch(/could not be checked/)
    expect(checkAgainstSchema({ type: 'string' }, 1)).toBe('must be string')
  })

  test('is shared by all compilations, and a schema for which it is too small is refused', () => {
    const budget = createBudget({ milliseconds: 300 })
    const found = Array.from({ length: 60 }, (_, i) => checkSchema(large(i), budget))
    expect(found[0]).toEqual([])
    expect(found.at(-1)).toMatchObject([{ message: expect.stringContaining('too long') }])
    expect(budget.milliseconds).toBeLessThanOrEqual(0)
  })

  test('that is used up does not cause a later refusal of the same schema', () => {
    const schema = { type: 'object', properties: { later: { type: 'string' } } }
    expect(checkSchema(schema, createBudget({ milliseconds: 0 }))).not.toEqual([])
    expect(checkAgainstSchema(schema, {}, createBudget({ milliseconds: 0 }))).toMatch(
      /could not be checked/,
    )
    expect(checkSchema(schema)).toEqual([])
    expect(checkAgainstSchema(schema, {})).toBeUndefined()
  })
})

function large(number: number) {
  const names = Array.from({ length: 200 }, (_, i) => `p${number}_${i}`)
  return { properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) }
}

test('of many problems the first are named, and of long paths the beginning', () => {
  const key = 'k'.repeat(5_000)
  const patterns = Array.from({ length: 500 }, (_, i) => [`p${i}`, { pattern: '(?=a)' }])
  const found = checkSchema({ properties: { [key]: { properties: Object.fromEntries(patterns) } } })
  expect(found.length).toBeLessThanOrEqual(20)
  for (const { path } of found) expect(path.length).toBeLessThanOrEqual(200)
})

test('two schemas with the same $id do not affect each other', () => {
  const mine = { $id: 'https://x.test/s', $anchor: 'a', type: 'string' }
  const theirs = { $id: 'https://x.test/s', $anchor: 'a', type: 'number' }
  expect(checkSchema(mine)).toEqual([])
  expect(checkSchema(theirs)).toEqual([])
  expect(checkAgainstSchema(mine, 'text')).toBeUndefined()
  expect(checkAgainstSchema(theirs, 1)).toBeUndefined()
  expect(checkAgainstSchema(mine, 1)).toBe('must be string')
})

test('a schema does not change prototypes', () => {
  const schema: unknown = JSON.parse(
    '{"__proto__":{"polluted":1},"properties":{"__proto__":{"type":"string"}}}',
  )
  checkSchema(schema)
  checkAgainstSchema(schema, JSON.parse('{"__proto__":{"polluted":1}}'))
  expect({}).not.toHaveProperty('polluted')
})

describe('a process is not blocked by', () => {
  const bait = `${'a'.repeat(5_000)}!`
  const branching = {
    properties: { a: { anyOf: [{ $ref: '#' }, { $ref: '#' }] }, end: { type: 'string' } },
  }
  const deep: unknown = JSON.parse(`${'{"a":'.repeat(60)}{"end":1}${'}'.repeat(60)}`)
  const many = Array.from({ length: 20_000 }, (_, id) => ({ id }))

  test.each<[string, unknown, unknown, RegExp]>([
    ['a pattern that would backtrack', { pattern: '^(a+)+$' }, bait, /must match pattern/],
    ['a schema with endless branches', branching, deep, /takes too long/],
    ['an endlessly recursive schema', { anyOf: [{ $ref: '#' }] }, 1, /could not be checked/],
    ['a long list of unique items', { uniqueItems: true }, many, /takes too long/],
  ])('%s', (_, schema, value, problem) => {
    const before = process.cpuUsage()
    expect(checkAgainstSchema(schema, value)).toMatch(problem)
    // The limit is in processor time, since the wall-clock time depends on the load of the machine.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000)
  })
})

describe('a check takes linear time', () => {
  const tool = { type: 'object', properties: { $ref: { enum: [{ pattern: 'a' }] } }, required: [] }
  test.each([
    [tool, true],
    [{ anyOf: [tool, { items: tool }], additionalProperties: false }, true],
    [{ $ref: '#' }, false],
    [{ properties: { a: { format: 'email' } } }, false],
    [{ items: { anyOf: [{ uniqueItems: true }] } }, false],
    [{ not: { pattern: 'a' } }, false],
    [{ additionalProperties: { patternProperties: { a: {} } } }, false],
  ])('with the schema %j: %s', (schema, expected) => {
    expect(isLinear(schema)).toBe(expected)
  })

  test('and is paid from the budget, but not interrupted', () => {
    const check = {
      json: '{"a":1}',
      schema: JSON.stringify({ properties: { a: { type: 'string' } } }),
    }
    expect(checkJson(check)).toEqual({ problem: 'a must be string' })
    const budget = createBudget({ milliseconds: 0 })
    expect(checkJson(check, budget)).toEqual({ problem: 'a must be string' })
    expect(budget.milliseconds).toBeLessThan(0)
    const longer = { ...check, json: JSON.stringify({ b: 'x'.repeat(100_000), a: 1 }) }
    expect(checkJson(longer, budget)).toEqual({
      problem: expect.stringMatching(/could not be checked/),
    })
  })
})
