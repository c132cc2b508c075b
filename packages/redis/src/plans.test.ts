import type { Plan } from '@longhaul/core'
import { test } from '@longhaul/testing'
import { expect } from 'vitest'
import { workspaceKeys } from './keys.ts'
import { createPlanStore } from './plans.ts'

const plan: Plan = {
  v: 1,
  agent: { id: 'a', key: 'k', version: '1.0.0' },
  system: 's',
  engine: 'text',
  variables: { a: [1] },
  models: [{ id: 'openai/m', parameters: { temperature: 0 } }],
  tools: [],
  maxIterations: 1,
  maxExecutionSeconds: 2,
}

test('a plan is found under its hash, in its workspace', async ({ redis }) => {
  const plans = createPlanStore(redis)
  await plans.put('acme', 'hash', plan, 50_000)
  await plans.put('acme', 'hash', plan, 50_000)
  expect(await plans.get('acme', 'hash')).toEqual(plan)
  expect(await plans.get('acme', 'other')).toBeUndefined()
  expect(await plans.get('other', 'hash')).toBeUndefined()
})

test('a plan that was met once is not asked for again', async ({ redis }) => {
  const plans = createPlanStore(redis)
  await plans.put('acme', 'hash', plan, 50_000)
  expect(await plans.get('acme', 'hash')).toEqual(plan)
  await redis.flushdb()
  expect(await plans.get('acme', 'hash')).toEqual(plan)
})

test('a plan is kept for its time from its latest use on, and never for a shorter one', async ({
  redis,
}) => {
  const plans = createPlanStore(redis)
  const key = workspaceKeys('acme').plan('hash')
  const ttl = () => redis.pttl(key)
  await plans.put('acme', 'hash', plan, 50_000)
  expect(await ttl()).toBeLessThanOrEqual(50_000)
  await plans.put('acme', 'hash', plan, 10_000)
  expect(await plans.keep('acme', 'hash', 10_000)).toBe(true)
  expect(await ttl()).toBeGreaterThan(40_000)
  expect(await plans.keep('acme', 'hash', 90_000)).toBe(true)
  expect(await ttl()).toBeGreaterThan(80_000)
  await plans.put('acme', 'hash', plan, 190_000)
  expect(await ttl()).toBeGreaterThan(180_000)
})

test('a plan that an older version has stored without an end gets one', async ({ redis }) => {
  const plans = createPlanStore(redis)
  const key = workspaceKeys('acme').plan('hash')
  await redis.set(key, JSON.stringify(plan))
  await plans.put('acme', 'hash', plan, 50_000)
  expect(await redis.pttl(key)).toBeGreaterThan(40_000)
})

test('a plan that is gone cannot be kept, and is stored again', async ({ redis }) => {
  const plans = createPlanStore(redis)
  expect(await plans.keep('acme', 'hash', 50_000)).toBe(false)
  await plans.put('acme', 'hash', plan, 50_000)
  expect(await createPlanStore(redis).get('acme', 'hash')).toEqual(plan)
})
