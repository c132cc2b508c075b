import type { Plan } from '@longhaul/core'
import { test } from '@longhaul/testing'
import { expect } from 'vitest'
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
