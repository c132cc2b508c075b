import {
  requestRateOf,
  requestsLeft,
  type SubmitLimits,
  type SubmitReply,
  takeRequest,
  type TaskStore,
  type WorkspaceLimits,
} from '@longhaul/core'
import { startRedis, volume } from '@longhaul/testbed'
import * as fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterEach, expect, onTestFinished } from 'vitest'
import { shardKeys } from '../connection/keys.ts'
import { useDefaultLimits } from '../lua/default-limits.ts'
import { idOf } from '../queue/scheduler.fixture.ts'
import { createTaskStore } from './task-store.ts'
import { completed, lock, result, submission, test } from './turn.fixture.ts'

const state = shardKeys(0).workspaceState('w')

afterEach(() => useDefaultLimits({}, 1))

/** Submits the first turn of a new task within limits. */
async function submit(
  store: TaskStore,
  number: number,
  limits: SubmitLimits | undefined,
): Promise<SubmitReply> {
  const taskId = idOf(number)
  return await store.submit(submission({ taskId, requestId: `r${number}`, limits }))
}

/** All keys with their values, as Redis serializes them. */
async function content(redis: Redis): Promise<Map<string, string>> {
  const keys = (await redis.keys('*')).toSorted()
  const values = await Promise.all(keys.map((key) => redis.dumpBuffer(key)))
  return new Map(keys.map((key, at) => [key, values[at]?.toString('base64') ?? '']))
}

const limited = (...policies: string[]) => ({ action: 'limited', policies })

test('a full backlog refuses a turn and stores nothing, until a turn has started', async ({
  store,
  redis,
}) => {
  const limits = { queued: 2 }
  expect(await submit(store, 1, limits)).toMatchObject({
    action: 'accepted',
    quota: { queued: { limit: 2, now: 1 } },
  })
  await submit(store, 2, limits)
  const before = await content(redis)
  expect(await submit(store, 3, limits)).toEqual({
    ...limited('queued'),
    waitMs: 0,
    quota: { queued: { limit: 2, now: 2 } },
  })
  expect(await content(redis)).toEqual(before)
  // What was accepted before gets its reply, and an answer or a redrive is not refused.
  expect(await submit(store, 2, limits)).toMatchObject({ action: 'replay' })
  expect(await submit(store, 4, undefined)).toMatchObject({ action: 'accepted' })
  await store.claim({ taskId: idOf(1), turn: 1 }, 'a1', lock)
  await store.claim({ taskId: idOf(2), turn: 1 }, 'a2', lock)
  expect(await submit(store, 3, limits)).toMatchObject({ action: 'accepted' })
})

test('the backlog is counted over all fairness keys of the workspace, and over no other', async ({
  store,
}) => {
  for (const [at, fairnessKey] of ['', 'a', 'b'].entries()) {
    const taskId = idOf(at)
    await store.submit(submission({ taskId, fairnessKey, limits: { queued: 3 } }))
  }
  expect(await submit(store, 9, { queued: 3 })).toMatchObject(limited('queued'))
  const other = submission({ taskId: idOf(8), workspace: 'x', limits: { queued: 3 } })
  expect(await store.submit(other)).toMatchObject({ quota: { queued: { limit: 3, now: 1 } } })
})

test('limits of the workspace come before those of the environment', async ({ store, redis }) => {
  await submit(store, 1, { queued: 1 })
  await redis.hset(state, 'limit:queued', 2)
  expect(await submit(store, 2, { queued: 1 })).toMatchObject({ action: 'accepted' })
  expect(await submit(store, 3, { queued: 5 })).toMatchObject(limited('queued'))
})

test('limits are divided among the shards over which a workspace is spread', async ({
  store,
  redis,
}) => {
  useDefaultLimits({ spread: 4 }, 4)
  const limits = { requestsPerSecond: 8, queued: 5 }
  expect(await submit(store, 1, limits)).toMatchObject({
    quota: { requests: { perSecond: 2, burst: 2 }, queued: { limit: 2, now: 1 }, isPartial: true },
  })
  await redis.hset(state, 'limit:queued', 6, 'limit:spread', 2)
  expect(await submit(store, 2, limits)).toMatchObject({
    quota: { requests: { perSecond: 4 }, queued: { limit: 3, now: 2 } },
  })
})

test('tasks that are kept are counted for new tasks only, and deletion makes room', async ({
  store,
}) => {
  await submit(store, 1, { tasks: 1 })
  expect(await submit(store, 2, { tasks: 1 })).toMatchObject(limited('tasks'))
  await end(store, idOf(1))
  const next = submission({ taskId: idOf(1), requestId: 'n', after: 1, limits: { tasks: 1 } })
  expect(await store.submit(next)).toMatchObject({ action: 'accepted' })
  await store.cancel({ taskId: idOf(1) }, { reason: 'why', graceMs: 0 })
  await store.purge(idOf(1))
  expect(await submit(store, 2, { tasks: 1 })).toMatchObject({ action: 'accepted' })
})

test('a turn whose bytes do not fit is refused', async ({ store, redis }) => {
  await redis.hset(state, 'bytes', 9_900)
  expect(await submit(store, 1, { bytes: 10_000 })).toMatchObject(limited('bytes'))
  expect(await submit(store, 1, { bytes: 20_000 })).toMatchObject({ action: 'accepted' })
})

test('a refused request costs no request of the rate, and each limit that refuses is named', async ({
  store,
  time,
}) => {
  const limits = { requestsPerSecond: 1, burst: 2, queued: 1, tasks: 1 }
  await submit(store, 1, limits)
  for (let number = 2; number < 5; number += 1) {
    expect(await submit(store, number, limits)).toMatchObject(limited('queued', 'tasks'))
  }
  expect(await submit(store, 5, { ...limits, queued: 5, tasks: 5 })).toMatchObject({
    quota: { requests: { perSecond: 1, burst: 2, aheadMs: 2_000 } },
  })
  expect(await submit(store, 6, limits)).toMatchObject({
    ...limited('requests', 'queued', 'tasks'),
    waitMs: 1_000,
  })
  time.now += 1_000
  expect(await submit(store, 6, { ...limits, queued: 5, tasks: 5 })).toMatchObject({
    action: 'accepted',
  })
})

test('a clock that was set back delays requests by the burst at most', async ({ store, time }) => {
  const limits = { requestsPerSecond: 10, burst: 5 }
  for (let number = 1; number < 6; number += 1) await submit(store, number, limits)
  time.now -= 3_600_000
  expect(await submit(store, 6, limits)).toMatchObject({ ...limited('requests'), waitMs: 100 })
})

test('the rate of requests is that of the rule in core', async ({ store, redis, time }) => {
  const steps = fc.array(fc.nat(300), { minLength: 1, maxLength: 30 })
  const limits = fc.record({
    requestsPerSecond: fc.double({ min: 0.5, max: 200, noNaN: true }),
    burst: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  })
  let number = 0
  const property = fc.asyncProperty(limits, steps, async ({ requestsPerSecond, burst }, pauses) => {
    await redis.flushdb()
    const own = { requestsPerSecond, ...(burst !== undefined && { burst }) }
    const rate = requestRateOf(own)!
    let ahead = 0
    for (const pause of pauses) {
      time.now += pause
      ahead = Math.max(0, ahead - pause)
      const taken = takeRequest(rate, ahead)
      number += 1
      const reply = await submit(store, number, own)
      if ('waitMs' in taken) {
        // A microsecond may decide whether a request is just admitted.
        expect(reply).toMatchObject({
          ...limited('requests'),
          waitMs: expect.closeTo(Math.ceil(taken.waitMs), -0.5),
        })
      } else {
        ahead = taken.aheadMs
        const quota = reply.action === 'accepted' ? reply.quota?.requests : undefined
        expect(quota?.aheadMs).toBeCloseTo(ahead, 1)
        expect(requestsLeft(rate, quota?.aheadMs ?? 0)).toBe(requestsLeft(rate, ahead))
      }
    }
  })
  await fc.assert(property, { numRuns: volume({ short: 20, long: 300 }) })
})

test('a turn without a limit that needs them costs no further command', async () => {
  const redis = await ownRedis()
  const store = createTaskStore(redis)
  const [first, further] = await costs(undefined)
  const within = await costs({ queued: 100, streams: 5 })
  expect(within[0]).toBeLessThanOrEqual(first)
  expect(within[1]).toBeLessThanOrEqual(further)
  expect(await costs({ requestsPerSecond: 10 })).toEqual([within[0] + 1, within[1] + 1])

  /** The number of commands for the first turn of a workspace, and for one behind it. */
  async function costs(limits: WorkspaceLimits | undefined): Promise<[number, number]> {
    await redis.flushall()
    // Redis has the script afterwards.
    await submit(store, 1, limits)
    await redis.flushall()
    return [
      await commandsOf(redis, () => submit(store, 1, limits)),
      await commandsOf(redis, () => submit(store, 2, limits)),
    ]
  }
})

test('Redis is asked for what the rates of a model leave only where the model has a rate', async () => {
  const redis = await ownRedis()
  const operatorRates = { 'rated/*': { tokensPerMinute: 1_000 } }
  const store = createTaskStore(redis, { operatorRates })
  await submit(store, 1, {})
  const task = { taskId: idOf(1), workspace: 'w' }
  const ask = (model: string) => async () => {
    const { tokens } = await store.modelQuota({ ...task, model })
    expect(tokens?.left).toBe(model === 'rated/x' ? 1_000 : undefined)
  }
  await ask('rated/x')()
  expect(await commandsOf(redis, ask('other/x'))).toBe(0)
  expect(await commandsOf(redis, ask('rated/x'))).toBeGreaterThan(0)
})

async function end(store: TaskStore, taskId: string): Promise<void> {
  const claim = await store.claim({ taskId, turn: 1 }, 'a1', lock)
  if (claim.outcome !== 'claimed') throw new Error('not claimed')
  const { attempt, length } = claim
  const decision = { folded: length, status: 'completed', result } as const
  const facts = [completed]
  await store.append({ taskId, turn: 1, attempt, ordinal: 1, facts, end: decision })
}

/** A Redis of the test alone: the statistics of the shared one count the commands of other tests. */
async function ownRedis(): Promise<Redis> {
  const server = await startRedis()
  const redis = new Redis(server.url)
  onTestFinished(async () => {
    redis.disconnect()
    await server.stop()
  })
  return redis
}

/** The number of commands that Redis runs for a submit. */
async function commandsOf(redis: Redis, work: () => Promise<unknown>): Promise<number> {
  const before = await callsOf(redis)
  await work()
  // The command that reads the statistics is counted, too.
  return (await callsOf(redis)) - before - 1
}

async function callsOf(redis: Redis): Promise<number> {
  const stats = await redis.info('commandstats')
  return [...stats.matchAll(/:calls=(\d+)/g)].reduce((sum, [, calls]) => sum + Number(calls), 0)
}
