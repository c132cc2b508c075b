import type { NewFact } from '@longhaul/core'
import { expect } from 'vitest'
import { shardKeys } from '../connection/keys.ts'
import { createReviews } from './reviews.ts'
import { job, lock, submission, taskId, test as base } from './turn.fixture.ts'

const asked: NewFact = {
  type: 'review.requested',
  callId: 'c1',
  toolId: 't',
  name: 'n',
  arguments: {},
  until: 9_000_000,
}

/** The calls of a task that has requested reviews. */
const test = base.extend('reviews', async ({ redis, store, time }) => {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  await store.append({ taskId, turn: 1, attempt: 'a1', ordinal: 1, facts: [asked] })
  return createReviews(redis, { shards: 1, clock: () => time.now })
})

const first = { below: undefined, limit: 10 }

test('a task that has requested a review is listed in its workspace only', async ({ reviews }) => {
  expect(await reviews.tasks('w', first)).toEqual([taskId])
  expect(await reviews.tasks('w2', first)).toEqual([])
  expect(await reviews.tasks('w', { below: taskId, limit: 10 })).toEqual([])
})

test('it is removed when no call waits, unless it has recorded something since', async ({
  reviews,
  store,
}) => {
  const { length } = await store.facts(taskId)
  await reviews.drop('w', taskId, length - 1)
  expect(await reviews.tasks('w', first)).toEqual([taskId])
  await reviews.drop('w', taskId, length)
  expect(await reviews.tasks('w', first)).toEqual([])
})

test('it is removed with its task', async ({ reviews, store, redis }) => {
  await store.cancel({ taskId }, { reason: 'r', graceMs: 0 })
  expect(await redis.zcard(shardKeys(0).reviews)).toBe(1)
  expect(await store.purge(taskId)).toBe('forgotten')
  expect(await redis.zcard(shardKeys(0).reviews)).toBe(0)
  expect(await reviews.tasks('w', first)).toEqual([])
})
