import { lane, volume } from '@longhaul/testbed'
import { expect, inject } from 'vitest'
import { fill, test } from './api-without-worker.ts'
import { validatorOf, wrongBodies } from './wrong-bodies.ts'

type Reply = { status: number; body: { errors?: { path: string }[] } }

/** Whether a reply is 400 for one of these fields, and for no other. */
function refuses({ status, body: { errors = [] } }: Reply, fields: string[]): boolean {
  return status === 400 && errors.length > 0 && errors.every(({ path }) => fields.includes(path))
}

/** An item that has only an id needs no type. */
function namesItem(body: unknown): boolean {
  const { input } = body as { input?: unknown }
  return JSON.stringify(input) === '[{"id":"example"}]'
}

/** Fields that decide the kind of a body or a part: without one, the value counts as another kind and lacks other fields. */
function insteadOf(operationId: string, field: string): string[] {
  if (operationId === 'createResponse' && field === 'input') return ['message']
  return field === 'input[0].role' ? ['input[0].type'] : []
}

test('every field of every body refuses wrong values by its name, and nothing is stored', async ({
  cluster,
  content,
  operations,
  names,
}) => {
  const before = await content()
  const taken: object[] = []
  const ids = new Set<string>()
  const withoutNul = new Set<string>()
  let count = 0
  let at = inject('seed')
  for (const operation of operations) {
    for (const { field, problem, unions, body } of wrongBodies(operation)) {
      if (namesItem(body)) continue
      // The short lane tests a third of the cases, a different one each day.
      at += 1
      if (lane === 'short' && at % 3 !== 0 && problem !== 'NUL') continue
      const reply = await cluster.call(operation.method, fill(operation, names(body)), body)
      if (!refuses(reply, [field, ...unions, ...insteadOf(operation.operationId, field)])) {
        taken.push({ operation: operation.operationId, field, problem, reply })
      }
      if (/(id|Id|(?<!_per_fairness_)key)$/.test(field))
        ids.add(`${operation.operationId} ${field}`)
      if (problem === 'NUL') withoutNul.add(`${operation.operationId} ${field}`)
      count += 1
    }
  }
  expect(taken).toEqual([])
  expect([...ids].filter((field) => !withoutNul.has(field))).toEqual([])
  expect(ids.size).toBeGreaterThan(30)
  expect(count).toBeGreaterThan(volume({ short: 1_000, long: 3_000 }))
  expect(await content()).toEqual(before)
  expect((await fetch(`${cluster.url}/readyz`)).status).toBe(200)
})

test('every parameter of every query refuses wrong values by its name', async ({
  cluster,
  operations,
  names,
}) => {
  const refused: string[] = []
  for (const operation of operations) {
    for (const { name, schema, in: place } of operation.parameters ?? []) {
      if (place !== 'query') continue
      const fits = validatorOf(schema)
      for (const text of ['no such value', '-1', '0', '1.5', '201', '1e2', '99999999999']) {
        const number = /integer|number/.test(String(schema.type)) && /^-?[\d.]+$/.test(text)
        if (fits(number ? Number(text) : text)) continue
        const path = `${fill(operation, names())}?${name}=${encodeURIComponent(text)}`
        const reply = await cluster.call(operation.method, path)
        expect([path, refuses(reply, [name])]).toEqual([path, true])
        refused.push(name)
      }
    }
  }
  expect(new Set(refused)).toEqual(
    new Set(
      'limit type status wait after follow created_after created_before error older_than workspace cursor stream starting_after format order tasks page sort direction enabled parts skip group_by grain from to state error_code'.split(
        ' ',
      ),
    ),
  )
})
