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
  await plans.put('acme', 'hash', plan)
  await plans.put('acme', 'hash', plan)
  expect(await plans.get('acme', 'hash')).toEqual(plan)
  expect(await plans.get('acme', 'other')).toBeUndefined()
  expect(await plans.get('other', 'hash')).toBeUndefined()
})

test('a plan that was met once is not asked for again', async ({ redis }) => {
  const plans = createPlanStore(redis)
  await plans.put('acme', 'hash', plan)
  expect(await plans.get('acme', 'hash')).toEqual(plan)
  await redis.flushdb()
  expect(await plans.get('acme', 'hash')).toEqual(plan)
})

test('a plan of a single turn is kept for its time, and longer when that is asked for', async ({
  redis,
}) => {
  const plans = createPlanStore(redis)
  await plans.put('acme', 'own', plan, 50_000)
  const ttl = (hash: string) => redis.pttl(workspaceKeys('acme').plan(hash))
  expect(await ttl('own')).toBeLessThanOrEqual(50_000)
  await plans.keep('acme', 'own', 10_000)
  expect(await ttl('own')).toBeGreaterThan(40_000)
  await plans.keep('acme', 'own', 90_000)
  expect(await ttl('own')).toBeGreaterThan(80_000)
  await plans.put('acme', 'good', plan)
  await plans.keep('acme', 'good', 10_000)
  expect(await ttl('good')).toBe(-1)
})
