import { limits } from '@longhaul/core'
import { test as base } from '@longhaul/testbed'
import { expect } from 'vitest'
import { createIdempotencyKeys } from './idempotency-keys.ts'

const test = base.extend('keys', ({ redis }) => createIdempotencyKeys(redis))

const request = (requestId: string) => ({
  taskId: `task-${requestId}`,
  requestId,
  after: 0,
  fingerprint: 'f',
})
const [first, second] = [request('r1'), request('r2')]

test('a key that its refused request releases is free, and nothing is left', async ({
  keys,
  redis,
}) => {
  expect(await keys.bind('w', 'k', first)).toEqual(first)
  await keys.release('w', 'k', first)
  expect(await keys.find('w', 'k')).toBeUndefined()
  expect(await redis.keys('*')).toEqual([])
  // A request that was about to adopt it finds out.
  expect(await keys.adopt('w', 'k', first)).toBe(false)
  expect(await keys.bind('w', 'k', second)).toEqual(second)
})

test('a key whose identity another request uses is not released', async ({ keys, redis }) => {
  await keys.bind('w', 'k', first)
  expect(await keys.bind('w', 'k', second)).toEqual(first)
  expect(await keys.adopt('w', 'k', first)).toBe(true)
  expect(await keys.adopt('w', 'k', first)).toBe(true)
  await keys.release('w', 'k', first)
  expect(await keys.find('w', 'k')).toEqual(first)
  const [name = ''] = await redis.keys('*')
  expect(await redis.pttl(name)).toBeGreaterThan(limits.idempotency - 60_000)
})

test('a late release leaves the key of a later request', async ({ keys }) => {
  await keys.bind('w', 'k', second)
  await keys.release('w', 'k', first)
  expect(await keys.adopt('w', 'k', first)).toBe(false)
  expect(await keys.find('w', 'k')).toEqual(second)
  expect(await keys.bind('w', 'k', first)).toEqual(second)
})
