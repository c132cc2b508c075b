import type { Plan } from '@longhaul/core'
import { test } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { workspaceKeys } from '../connection/keys.ts'
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

test('a plan has no lone surrogates, also one that an earlier version has stored', async ({
  redis,
}) => {
  const broken = { ...plan, system: 'a\ud800b' }
  await createPlanStore(redis).put('acme', 'new', broken, 50_000)
  const key = workspaceKeys('acme').plan
  expect(await redis.get(key('new'))).toContain('a\ufffdb')
  await redis.set(key('old'), JSON.stringify(broken))
  expect(await createPlanStore(redis).get('acme', 'old')).toMatchObject({ system: 'a\ufffdb' })
})

test('a plan that was read once is not read again', async ({ redis }) => {
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

test('a plan that an older version has stored without an expiry gets one', async ({ redis }) => {
  const plans = createPlanStore(redis)
  const key = workspaceKeys('acme').plan('hash')
  await redis.set(key, JSON.stringify(plan))
  await plans.put('acme', 'hash', plan, 50_000)
  expect(await redis.pttl(key)).toBeGreaterThan(40_000)
})

describe('the plans of a workspace', () => {
  const size = JSON.stringify(plan).length
  const other: Plan = { ...plan, system: 't' }

  test('have a limit in bytes, and a stored plan is kept nevertheless', async ({ redis }) => {
    const plans = createPlanStore(redis, { planBytes: 2 * size })
    await plans.put('acme', 'one', plan, 50_000)
    await plans.put('acme', 'two', other, 50_000)
    await expect(plans.put('acme', 'three', plan, 50_000)).rejects.toMatchObject({
      code: 'rate_limited',
      details: { violated_policies: ['plans'] },
    })
    expect(await plans.get('acme', 'three')).toBeUndefined()
    await plans.put('acme', 'one', plan, 90_000)
    await plans.put('other', 'three', plan, 50_000)
    expect(await redis.pttl(workspaceKeys('acme').plan('one'))).toBeGreaterThan(80_000)
  })

  test('free capacity when they expire, even those whose time was extended', async ({ redis }) => {
    const plans = createPlanStore(redis, { planBytes: 2 * size })
    const { planBytes, plans: index } = workspaceKeys('acme')
    await plans.put('acme', 'one', plan, 50)
    await plans.put('acme', 'two', other, 50_000)
    await plans.put('acme', 'two', other, 90_000)
    expect(await redis.get(planBytes)).toBe(String(2 * size))
    await expect
      .poll(() => plans.put('acme', 'three', plan, 50_000).catch(() => 'full'))
      .toBeUndefined()
    expect(await redis.get(planBytes)).toBe(String(2 * size))
    expect(await redis.zrange(index, '0', '-1')).toEqual([`three ${size}`, `two ${size}`])
  })

  test('count those of an older version of the product from their next use on', async ({
    redis,
  }) => {
    const plans = createPlanStore(redis)
    const { plan: nameOf, planBytes } = workspaceKeys('acme')
    await redis.set(nameOf('old'), JSON.stringify(plan), 'PX', 10_000)
    await plans.keep('acme', 'old', 50_000)
    await plans.keep('acme', 'old', 90_000)
    expect(await redis.get(planBytes)).toBe(String(size))
  })
})

test('an expired plan cannot be kept, and is stored again', async ({ redis }) => {
  const plans = createPlanStore(redis)
  expect(await plans.keep('acme', 'hash', 50_000)).toBe(false)
  await plans.put('acme', 'hash', plan, 50_000)
  expect(await createPlanStore(redis).get('acme', 'hash')).toEqual(plan)
})

test('plans are cached up to a limit of characters', async ({ redis }) => {
  const characters = 3 * JSON.stringify(plan).length
  const plans = createPlanStore(redis, { cache: { count: 10, characters } })
  const hashes = ['a', 'b', 'c', 'd']
  for (const hash of hashes) {
    await plans.put('acme', hash, plan, 50_000)
    await plans.get('acme', hash)
  }
  await redis.flushdb()
  const met = await Promise.all(hashes.map((hash) => plans.get('acme', hash)))
  expect(met).toEqual([undefined, plan, plan, plan])
})
