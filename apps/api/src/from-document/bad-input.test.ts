import { connect } from '@longhaul/redis'
import { startStack, test as base } from '@longhaul/testing'
import { type AnySchema, Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect } from 'vitest'
import { newAgent, newKey } from '../journeys/new-agent.ts'
import { contentOf } from './content-of.ts'
import { bodySchemaOf, type Operation, readOperations, type Schema } from './document.ts'
import { exampleOf } from './example-of.ts'
import { type Place, placesOf } from './places.ts'
import { beyondLimits, ofEveryType } from './wrong-values.ts'

/** An API without a worker, so that nothing but a request writes to its Redis. */
const test = base
  .extend('stack', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
    const stack = await startStack({ redisUrl, workers: 0 })
    onCleanup(() => stack.stop())
    return stack
  })
  .extend('content', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
    const redis = connect(redisUrl, { role: 'requests', onError: () => {} })
    onCleanup(() => redis.disconnect())
    return () => contentOf(redis)
  })
  .extend('operations', { scope: 'file' }, ({ stack }) => readOperations(stack.url))
  /** What stands in the paths: an agent, and a tool of each type. */
  .extend('names', { scope: 'file' }, async ({ stack }) => {
    const names = { agent_key: newKey('agent'), task_id: 'none', version_id: '1.0.0' }
    await stack.call('POST', '/v2/agents', { ...newAgent(), key: names.agent_key })
    const tools: Record<string, string> = {}
    for (const [type, block] of Object.entries(blocks)) {
      const key = newKey('tool')
      tools[type] = key
      await stack.call('POST', '/v2/tools', { key, type, path: 'a', description: 'b', ...block })
    }
    return (body?: unknown) => ({
      ...names,
      tool_id: tools[typeOf(body) ?? ''] ?? tools['function'] ?? '',
    })
  })

const blocks = {
  function: { function: { name: 'a_function' } },
  http: { http: { blueprint: { url: 'https://example.com', method: 'GET' } } },
  code: { code_tool: { language: 'python', code: 'result = 1' } },
  json_schema: {
    json_schema: { name: 'form', description: 'A form.', schema: { type: 'object' } },
  },
}

function typeOf(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'type' in body ? String(body.type) : undefined
}

type Reply = { status: number; body: { errors?: { path: string }[] } }

/** Whether a reply is 400 for one of these fields, and for nothing else. */
function refuses({ status, body: { errors = [] } }: Reply, fields: string[]): boolean {
  return status === 400 && errors.length > 0 && errors.every(({ path }) => fields.includes(path))
}

test('every field of every body refuses every wrong kind of value by its name, and nothing is stored', async ({
  stack,
  content,
  operations,
  names,
}) => {
  const before = await content()
  const taken: object[] = []
  const ids = new Set<string>()
  const withoutNul = new Set<string>()
  let count = 0
  for (const operation of operations) {
    for (const { field, problem, unions, body } of wrongBodies(operation)) {
      const reply = await stack.call(operation.method, fill(operation, names(body)), body)
      if (!refuses(reply, [field, ...unions])) {
        taken.push({ operation: operation.operationId, field, problem, reply })
      }
      if (/(id|Id|key)$/.test(field)) ids.add(`${operation.operationId} ${field}`)
      if (problem === 'NUL') withoutNul.add(`${operation.operationId} ${field}`)
      count += 1
    }
  }
  expect(taken).toEqual([])
  expect([...ids].filter((field) => !withoutNul.has(field))).toEqual([])
  expect(ids.size).toBeGreaterThan(30)
  expect(count).toBeGreaterThan(3_000)
  expect(await content()).toEqual(before)
  expect((await fetch(`${stack.url}/readyz`)).status).toBe(200)
}, 120_000)

test('every parameter of every query refuses every wrong kind of value by its name', async ({
  stack,
  operations,
  names,
}) => {
  const refused: string[] = []
  for (const operation of operations) {
    for (const { name, schema, in: place } of operation.parameters ?? []) {
      if (place !== 'query') continue
      const fits = validatorOf(schema)
      for (const text of ['no such value', '-1', '0', '1.5', '201', '1e2', '99999999999']) {
        const number = schema.type === 'integer' && /^-?\d+$/.test(text)
        if (fits(number ? Number(text) : text)) continue
        const path = `${fill(operation, names())}?${name}=${encodeURIComponent(text)}`
        expect([path, refuses(await stack.call('GET', path), [name])]).toEqual([path, true])
        refused.push(name)
      }
    }
  }
  expect(new Set(refused)).toEqual(new Set(['limit', 'type']))
})

test('a field that nobody knows is ignored in every object, and kept nowhere', async ({
  stack,
  content,
  operations,
  names,
}) => {
  const marker = 'a-value-that-nobody-may-keep'
  const refused = new Set<string>()
  const kept = new Set<string>()
  let count = 0
  for (const operation of operations) {
    for (const { path, schema, put } of placesOf(bodySchemaOf(operation) ?? {})) {
      if (schema.properties === undefined) continue
      if (schema.additionalProperties !== undefined) {
        kept.add(path)
        continue
      }
      const example = exampleOf(schema) as object
      const send = async (value: object) => {
        const body = { ...(put(value) as object), ...freshFor(operation) }
        return await stack.call(operation.method, fill(operation, names(body)), body)
      }
      const [without, withIt] = [await send(example), await send({ ...example, [marker]: marker })]
      expect([path, withIt.status]).toEqual([path, without.status])
      if (without.status >= 400) refused.add(`${operation.operationId} ${path}`)
      count += 1
    }
  }
  expect(count).toBeGreaterThan(100)
  expect([...kept].filter((path) => !free.test(path))).toEqual([])
  expect([...refused].filter((place) => !refusedAnyway.test(place))).toEqual([])
  expect(JSON.stringify(await content())).not.toContain(marker)
}, 60_000)

/** Places where the caller's own JSON Schema stands, or what another service understands. */
const free = /(function\.parameters|code_tool\.parameters|json_schema\.schema|plugins\[0\])$/

/** What the schemas take and is refused for another reason: it is not done yet, or answers no call. */
const refusedAnyway = /guardrails|^createResponse message/

/** What lets the same body be sent twice. */
function freshFor({ operationId }: Operation): object {
  if (operationId === 'createAgent' || operationId === 'createTool') return { key: newKey('new') }
  return operationId === 'createResponse' ? { background: true } : {}
}

function fill({ path }: Operation, names: Record<string, string>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => names[name] ?? '')
}

type Case = { field: string; problem: string; unions: string[]; body: unknown }

/** One body for each place and each thing that can be wrong there. */
function* wrongBodies(operation: Operation): Generator<Case> {
  const schema = bodySchemaOf(operation)
  if (schema === undefined) return
  const fits = validatorOf(schema)
  for (const place of placesOf(schema)) {
    if (place.path === '') continue
    for (const [problem, body] of bodiesOf(place)) {
      if (!fits(asRead(body))) yield { ...place, field: place.path, problem, body }
    }
  }
}

const ajv = formats.default(new Ajv2020({ strict: false }))

function validatorOf(schema: Schema) {
  return ajv.compile(schema as AnySchema)
}

/** What the door makes of a body before it looks at the fields. */
function asRead(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  )
}

function* bodiesOf(place: Place): Generator<[problem: string, body: unknown]> {
  const { schema, put, without, branch } = place
  if (without !== undefined) yield ['missing', without()]
  if (branch === undefined) {
    for (const [problem, value] of ofEveryType(schema)) yield [problem, put(value)]
  }
  for (const [problem, value] of beyondLimits(schema)) yield [problem, put(value)]
}
