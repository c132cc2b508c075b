import { limits } from '@longhaul/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkJsons, checkSchemas, renderTemplates } from '../content.ts'
import { createContentBudget } from './content-budget.ts'
import { checkJson } from '../schemas/check-json.ts'
import { checkSchema } from '../schemas/check-schema.ts'
import { counts, runContent } from './run-content.ts'
import { isPlain, render } from '../templates/template.ts'

const loops = (times: number) => `{% for i in range(${times}) %}{{ i }}{% endfor %}`

function filled(text: string, workspace = 'beta'): Promise<string[]> {
  const values = { engine: 'jinja' as const, variables: { name: 'Ada' } }
  const templates = [{ path: 'message.parts[0].text', text }]
  return renderTemplates(templates, values, createContentBudget(workspace))
}

test('a large template is filled in the same way as a small one', async () => {
  expect(await filled(loops(10))).toEqual(['0123456789'])
  const [text = ''] = await filled(`${loops(3_000)} {{ name }}`)
  expect(text.slice(0, 10)).toBe('0123456789')
  expect(text.slice(-8)).toBe('2999 Ada')
})

test('a template without tags is returned without rendering, with the same result', async () => {
  const engines = fc.constantFrom('text' as const, 'mustache' as const, 'jinja' as const)
  const piece = fc.constantFrom(
    '{',
    '}',
    '{{',
    '%}',
    '{%',
    '{#',
    '#}',
    '\n',
    '\r\n',
    ' ',
    'a',
    '$&',
  )
  const texts = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
  await fc.assert(
    fc.asyncProperty(engines, texts, async (engine, text) => {
      fc.pre(isPlain(text, engine))
      const before = { ...counts }
      const values = { engine, variables: {} }
      const budget = createContentBudget('gamma')
      expect(await renderTemplates([{ path: '', text }], values, budget)).toEqual([
        render(text, values),
      ])
      expect(counts).toEqual(before)
    }),
  )
})

test('a refusal on a thread names the path', async () => {
  await expect(filled(loops(3_000).repeat(20))).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/^message\.parts\[0\]\.text: the template takes too many steps/),
    fields: [{ path: 'message.parts[0].text' }],
  })
  await expect(filled(`${loops(3_000)}{{ name - 1 }}`)).rejects.toMatchObject({
    code: 'invalid',
    fields: [{ path: 'message.parts[0].text' }],
  })
})

test('small templates are filled while large ones of another workspace are rendered', async () => {
  const order: string[] = []
  const large = Array.from({ length: 6 }, async () => {
    await filled(`{% if no %}${'{{ a.b|upper }}'.repeat(5_000)}{% endif %}`, 'alpha')
    order.push('large')
  })
  await filled('Hello {{ name }}')
  order.push('small')
  await Promise.all(large)
  expect(order[0]).toBe('small')
})

test('too many waiting templates of one workspace are refused, those of another workspace are not', async () => {
  const results = await Promise.allSettled([
    ...Array.from({ length: 40 }, () => filled(loops(3_000), 'alpha')),
    filled(loops(3_000), 'beta'),
  ])
  const refused = results.filter((result) => result.status === 'rejected')
  expect(refused.length).toBeGreaterThan(10)
  expect(refused[0]?.reason).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('large templates'),
  })
  expect(results.at(-1)?.status).toBe('fulfilled')
})

test('an input that is too large for a thread is refused with its path, and is not sent', async () => {
  const before = { ...counts }
  const variables = { large: 'x'.repeat(limits.contentThreads.input) }
  const templates = [{ path: 'message.parts[0].text', text: loops(3_000) }]
  const values = { engine: 'jinja' as const, variables }
  await expect(
    renderTemplates(templates, values, createContentBudget('beta')),
  ).rejects.toMatchObject({
    message: expect.stringMatching(/take too long or too much memory$/),
    fields: [{ path: 'message.parts[0].text' }],
  })
  expect(counts).toEqual(before)
})

test('not all problems are collected of a schema or a value that has very many', async () => {
  const type = 'strange'
  const schema = { anyOf: Array.from({ length: 3_500 }, () => ({ type })) }
  const [found = []] = await checkSchemas([JSON.stringify(schema)], createApart())
  expect(found.length).toBeGreaterThan(0)
  expect(found.length).toBeLessThanOrEqual(3)

  const check = {
    json: JSON.stringify(Array<number>(100_000).fill(1)),
    schema: JSON.stringify({ type: 'array', items: { type: 'string' } }),
  }
  expect(await checkJsons([check], createApart())).toEqual([{ problem: '[0] must be string' }])
})

/** A budget with which no work is done in the event loop. */
function createApart(workspace = 'beta') {
  const budget = createContentBudget(workspace)
  budget.atOnce.milliseconds = 0
  return budget
}

const keys = fc.constantFrom('a', 'b', '__proto__', 'constructor')
const { schemas } = fc.letrec<{ schemas: object }>((tie) => ({
  schemas: fc.oneof(
    { maxDepth: 4 },
    fc.record({ type: fc.constantFrom('string', 'integer', 'object', 'array', 'null', 'strange') }),
    fc.record({ type: fc.constant('number'), minimum: fc.oneof(fc.integer(), fc.string()) }),
    fc.record({ pattern: fc.constantFrom('^a+$', '(a|b)*', '(?=a)', '[') }),
    fc.record({ format: fc.constantFrom('email', 'date-time', 'unknown') }),
    fc.record({ enum: fc.array(fc.jsonValue(), { maxLength: 3 }) }),
    fc.record({ $ref: fc.constantFrom('#', '#/$defs/a', '#/$defs/missing', 'https://x.test') }),
    fc.record(
      {
        properties: fc.dictionary(keys, tie('schemas'), { noNullPrototype: true }),
        required: fc.array(keys, { maxLength: 2 }),
        additionalProperties: fc.boolean(),
        $defs: fc.dictionary(keys, tie('schemas'), { noNullPrototype: true }),
      },
      { requiredKeys: [] },
    ),
    fc.record({ items: tie('schemas'), uniqueItems: fc.boolean() }),
    fc.record({ anyOf: fc.array(tie('schemas'), { maxLength: 3 }) }),
  ),
}))
const jsonValues = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(keys, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true }),
)

let runs = 0

test('schemas and values have the same problems in the event loop and on a thread', async () => {
  await fc.assert(
    fc.asyncProperty(schemas, jsonValues, async (schema, value) => {
      // A schema that is not in the cache.
      runs += 1
      const json = JSON.stringify({ ...schema, $comment: `run ${runs}` })
      const checks = [
        { json: JSON.stringify(value), schema: json },
        { json: JSON.stringify(value), object: true, schema: json },
        { json: '{', schema: json },
      ]
      const apart = counts.apart
      const found = await runContent('checkSchemas', [json], createApart())
      const misfits = await runContent('checkJson', checks, createApart())
      expect(counts.apart).toBe(apart + 2)
      expect(found).toEqual([checkSchema(json)])
      expect(misfits).toEqual(checks.map((check) => checkJson(check)))
    }),
    { numRuns: 60 },
  )
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

test('a check that takes long is made on a thread, within the budget of its request', async () => {
  const checks = Array.from({ length: 60 }, () => ({
    json: '{}',
    schema: JSON.stringify(doubling),
  }))
  const budget = createContentBudget('alpha', { of: { milliseconds: 500 } })
  const before = { ...counts }
  const found = await checkJsons(checks, budget)
  expect(counts).toEqual({ ...before, apart: before.apart + 1 })
  for (const misfit of found) {
    expect(misfit).toEqual({ problem: expect.stringMatching(/could not be checked/) })
  }
  expect(budget.left.milliseconds).toBeLessThanOrEqual(0)
  expect(budget.clock).toBeLessThan(createContentBudget('alpha').clock)
})

test('many large schemas are compiled on a thread, once for all requests', async () => {
  const large = Array.from({ length: 128 }, (_, tool) => {
    const names = Array.from({ length: 60 }, (__, i) => [`p${tool}_${i}`, { type: 'string' }])
    return { properties: Object.fromEntries(names) }
  })
  const before = { ...counts }
  const found = await checkSchemas(large, createContentBudget('alpha'))
  expect(counts).toEqual({ ...before, apart: before.apart + 1 })
  expect(await checkSchemas(large, createContentBudget('alpha'))).toEqual(found)
  expect(counts).toEqual({ ...before, apart: before.apart + 1 })
})

test('a small schema is compiled and used in the event loop', async () => {
  // By the clock: on a busy machine not each time.
  await expect
    .poll(async () => {
      runs += 1
      const schema = {
        type: 'object',
        properties: { city: { type: 'string' } },
        $comment: `run ${runs}`,
      }
      const before = { ...counts }
      expect(await checkSchemas([schema], createContentBudget('beta'))).toEqual([[]])
      const check = { json: '{"city":1}', schema: JSON.stringify(schema) }
      expect(await checkJsons([check], createContentBudget('beta'))).toEqual([
        { problem: 'city must be string' },
      ])
      return { atOnce: counts.atOnce - before.atOnce, apart: counts.apart - before.apart }
    })
    .toEqual({ atOnce: 2, apart: 0 })
})

async function isAtOnce(workspace: string): Promise<boolean> {
  const { atOnce } = counts
  await filled('Hello {{ name }}', workspace)
  return counts.atOnce > atOnce
}

test('a workspace that has used much of the event loop works on threads for a while', async () => {
  const checks = [{ json: '{}', schema: JSON.stringify(doubling) }]
  const heavy: Promise<unknown>[] = []
  const useMuch = () => {
    for (let begun = 0; begun < 12; begun += 1)
      heavy.push(checkJsons(checks, createContentBudget('gamma', { of: { milliseconds: 60 } })))
  }
  // By the clock: on a busy machine not each time.
  await expect
    .poll(() => {
      useMuch()
      return isAtOnce('gamma')
    })
    .toBe(false)
  await Promise.all(heavy)
  await expect.poll(() => isAtOnce('delta')).toBe(true)
  await expect.poll(() => isAtOnce('gamma')).toBe(true)
})

test('all work of a request shares its budget, in the event loop and on threads', async () => {
  const budget = createContentBudget('beta', { of: { steps: 10_000 } })
  const values = { engine: 'jinja' as const, variables: {} }
  const print = (times: number) =>
    renderTemplates([{ path: 'p', text: loops(times) }], values, budget)
  await print(3_000)
  expect(budget.left.steps).toBeLessThan(7_000)
  await expect(print(6_000)).rejects.toMatchObject({ code: 'invalid', fields: [{ path: 'p' }] })
  await print(10)
})

test('work that is aborted rejects with the reason of the signal', async () => {
  const controller = new AbortController()
  const budget = createContentBudget('beta', { signal: controller.signal })
  const checks = [{ json: '{}', schema: JSON.stringify(doubling) }]
  const check = runContent('checkJson', checks, budget)
  controller.abort(new Error('gone'))
  await expect(check).rejects.toThrow('gone')
})
