import { headVersion, type NewFact } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import {
  completed,
  day,
  job,
  lock,
  result,
  submission,
  taskId,
  test,
  tool,
} from '../lifecycle/turn.fixture.ts'

const attempt = { ...job, attempt: 'a1' }
const { head, log } = taskKeys(taskId)

describe('a fact that a newer version recorded', () => {
  test.for([0, 2, 4])(
    'prevents a claim from changing anything, at any position: %i',
    async (at, { store, redis, time }) => {
      await store.submit(submission())
      await store.claim(job, 'a1', lock)
      await store.append({ ...attempt, ordinal: 1, facts: [step, tool('c1'), tool('c2')] })
      await store.release(attempt)
      await rewrite(redis, at, 2)
      const before = await everything(redis)
      time.now += lock
      expect(await store.claim(job, 'a2', lock)).toEqual({ outcome: 'gone' })
      expect(await everything(redis)).toEqual(before)
      await rewrite(redis, at, 1)
      expect(await store.claim(job, 'a2', lock)).toMatchObject({ outcome: 'claimed', length: 6 })
    },
  )

  test('is detected even when the facts are not returned to the worker', async ({
    store,
    redis,
    time,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await redis.hset(head, 'deaths', 9)
    await rewrite(redis, 0, 2)
    time.now += lock
    expect(await store.claim(job, 'a2', lock)).toEqual({ outcome: 'gone' })
  })

  test('does not prevent the end of a turn, which follows from the other facts', async ({
    store,
    maintenanceStore,
    redis,
    time,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    const second: NewFact = { ...step, step: 2 }
    await store.append({ ...attempt, ordinal: 1, facts: [step, tool('c1'), second, tool('c2')] })
    await rewrite(redis, 4, 2)
    await rewrite(redis, 5, 2)
    time.now += day
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({ ended: 1 })
    expect((await store.view(taskId))?.result).toMatchObject({
      failure: { code: 'deadline' },
      usage: step.usage,
      calls: [{ callId: 'c1' }],
    })
  })

  test('does not hide a cancel that was requested after it', async ({
    store,
    maintenanceStore,
    redis,
    time,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await rewrite(redis, 1, 2)
    expect(await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })).toBe('stopping')
    time.now += 2_000
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({ ended: 1 })
    expect(await store.view(taskId)).toMatchObject({
      status: 'cancelled',
      result: { failure: { code: 'cancelled' } },
    })
  })
})

test('a head that a newer version wrote keeps that version in the next turn', async ({
  store,
  redis,
}) => {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  const end = { folded: 2, status: 'completed', result } as const
  await store.append({ ...attempt, ordinal: 1, facts: [completed], end })
  await redis.hset(head, 'v', headVersion + 1)
  await store.submit(submission({ requestId: 'r2', after: 1 }))
  expect(await store.claim({ ...job, turn: 2 }, 'a2', lock)).toEqual({ outcome: 'gone' })
})

const step: NewFact & { type: 'step.finished' } = {
  type: 'step.finished',
  step: 1,
  modelIndex: 0,
  model: 'x/y',
  reason: 'tool_calls',
  calls: [{ callId: 'c1', name: 'n', arguments: '{}' }],
  usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
  ms: 1,
}

/** Gives a fact, by its number from 0, another version. */
async function rewrite(redis: Redis, at: number, version: number): Promise<void> {
  const fact = (await redis.lindex(log, at)) ?? ''
  await redis.lset(log, at, fact.replace(/^\{"v":\d+/, `{"v":${version}`))
}

async function everything(redis: Redis): Promise<unknown> {
  const { returned, leases, wake, deadlines } = shardKeys(0)
  return await Promise.all([
    redis.hgetall(head),
    redis.lrange(log, 0, -1),
    ...[returned, leases, deadlines].map((key) => redis.zrange(key, '0', '-1', 'WITHSCORES')),
    redis.xlen(wake),
  ])
}
