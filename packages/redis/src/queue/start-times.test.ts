import type { Submission } from '@longhaul/core'
import { startRedis } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished } from 'vitest'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { queuedTurns } from '../lifecycle/queued.fixture.ts'
import { day, submission } from '../lifecycle/turn.fixture.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { endOf, idOf, lockMs, nextAttempt, test } from './scheduler.fixture.ts'

const keys = shardKeys(0)
const minute = 60_000

describe('a turn that starts later', () => {
  test('is accepted at once, and no worker gets it before its time', async ({
    queue,
    time,
    store,
  }) => {
    const later = await queue.submit({ startAt: time.now + minute, priority: 1 })
    const now = await queue.submit({ priority: 5 })
    expect(await store.view(later)).toMatchObject({ status: 'queued' })
    expect((await queue.start('a')).taskId).toBe(now)
    expect(await queue.claim('b')).toEqual({ outcome: 'none' })
    time.now += minute - 1
    expect(await queue.claim('b')).toEqual({ outcome: 'none' })
    expect(await store.claim({ taskId: later, turn: 1 }, 'x', 1_000)).toEqual({ outcome: 'gone' })
    time.now += 1
    const { taskId, facts } = await queue.start('b')
    expect(taskId).toBe(later)
    expect(facts.at(-1)).toMatchObject({ type: 'attempt.started', startAt: time.now })
  })

  test('has its place, its deadline and its expiry from its start on', async ({
    queue,
    time,
    redis,
  }) => {
    const start = time.now + 30 * minute
    const taskId = await queue.submit({
      startInMs: 30 * minute,
      deadlineMs: day,
      expiresInMs: 5_000,
    })
    expect(await redis.hmget(taskKeys(taskId).head, 'start-at', 'rank', 'expires')).toEqual([
      String(start),
      String(start + 20 * minute),
      String(start + 5_000),
    ])
    expect(await redis.zrange(keys.deadlines, '0', '-1', 'WITHSCORES')).toEqual([
      `resp_${taskId}0001:end`,
      String(start + day),
    ])
  })

  test('with a time in the past starts now', async ({ queue, time, redis }) => {
    const taskId = await queue.submit({ startAt: time.now - minute })
    expect(await redis.hget(taskKeys(taskId).head, 'rank')).toBe(String(time.now + 20 * minute))
    expect((await queue.start()).taskId).toBe(taskId)
  })

  test('wakes a worker when its time has come', async ({ queue, time, maintenance, tickets }) => {
    await queue.submit({ startInMs: 3_000 })
    expect(await tickets.waiting()).toBe(0)
    expect(await maintenance.queueDue(0, 10)).toMatchObject({ queued: 0, nextInMs: 3_000 })
    expect(await maintenance.findWork(0)).toMatchObject({ isStartable: false })
    time.now += 3_000
    expect(await maintenance.findWork(0)).toMatchObject({ isStartable: true })
    expect(await maintenance.queueDue(0, 10)).toMatchObject({ queued: 1, nextInMs: undefined })
    expect(await tickets.waiting()).toBe(1)
  })

  test('is also found by a claim, ten at a time, and the next claim is asked for', async ({
    queue,
    time,
    redis,
    tickets,
  }) => {
    for (let at = 0; at < 12; at += 1) await queue.submit({ startInMs: minute + at })
    time.now += 2 * minute
    await queue.start('a')
    expect(await redis.zcard(keys.due)).toBe(2)
    expect(await tickets.waiting()).toBe(1)
    await queue.start('b')
    expect(await redis.zcard(keys.due)).toBe(0)
    expect(await redis.zscore(keys.ring, '!due')).toBeNull()
  })

  test('does not wait behind those of another workspace that start at the same time', async ({
    queue,
    time,
    maintenance,
  }) => {
    for (let at = 0; at < 40; at += 1) await queue.submit({ workspace: 'noisy', startInMs: minute })
    await queue.submit({ workspace: 'quiet', startInMs: minute })
    time.now += minute
    expect(await maintenance.queueDue(0, 500)).toMatchObject({ queued: 41 })
    const started = [await queue.start('a'), await queue.start('b')]
    expect(started.map(({ workspace }) => workspace)).toContain('quiet')
  })

  test('is cancelled, deleted and purged like any other', async ({ queue, redis, store }) => {
    const taskId = await queue.submit({ startInMs: minute, expiresInMs: minute })
    await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })
    expect(await store.view(taskId)).toMatchObject({ status: 'cancelled' })
    expect(await redis.exists(keys.due, keys.expiries, keys.ring, keys.deadlines)).toBe(0)
    expect(await store.purge(taskId)).toBe('forgotten')
  })

  test('does not stop others while the shard is paused', async ({ queue, time, admin }) => {
    const later = await queue.submit({ startInMs: minute })
    await admin.pause(0, true)
    time.now += minute
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    await admin.pause(0, false)
    expect((await queue.start()).taskId).toBe(later)
  })

  test('whose head cannot be read is set aside', async ({ queue, time, redis }) => {
    const broken = await queue.submit({ startInMs: minute })
    const other = await queue.submit({ startInMs: minute })
    await redis.del(taskKeys(broken).head)
    await redis.set(taskKeys(broken).head, 'no hash')
    time.now += minute
    expect((await queue.start()).taskId).toBe(other)
    expect(await redis.zcard(keys.broken)).toBe(1)
    expect(await redis.zcard(keys.due)).toBe(0)
  })

  test('goes back when something has queued it too early', async ({ queue, time, redis }) => {
    const later = await queue.submit({ startInMs: minute })
    const job = (await redis.zrange(keys.due, '0', '0'))[0]!
    await redis.del(keys.due)
    await redis.zadd(keys.returned, time.now, job)
    await redis.zadd(keys.ring, -1, '!returned')
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    expect(await redis.zscore(keys.due, job)).toBe(String(time.now + minute))
    time.now += minute
    expect((await queue.start()).taskId).toBe(later)
  })

  test('of a later turn of its task waits, too, and its start is forgotten with it', async ({
    queue,
    time,
    store,
    redis,
  }) => {
    const taskId = await queue.submit()
    await queue.end(await queue.start())
    await store.submit(submission({ taskId, requestId: 'r2', after: 1, startInMs: minute }))
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    time.now += minute
    await queue.end(await queue.start())
    await store.submit(submission({ taskId, requestId: 'r3', after: 2 }))
    expect(await redis.hexists(taskKeys(taskId).head, 'start-at')).toBe(0)
    expect(await queue.start()).toMatchObject({ taskId, turn: 3 })
  })
})

describe('a start that is moved', () => {
  test('to now starts the turn, and its times move with it', async ({
    queue,
    time,
    store,
    redis,
  }) => {
    const options = { startInMs: 10 * minute, expiresInMs: minute, deadlineMs: day }
    const taskId = await queue.submit(options)
    time.now += minute
    expect(await store.moveStart({ taskId, turn: 1 }, { startInMs: 0 })).toBe('moved')
    expect(await redis.hmget(taskKeys(taskId).head, 'start-at', 'rank', 'expires')).toEqual(
      [0, 20 * minute, minute].map((ms) => String(time.now + ms)),
    )
    expect(await redis.zrange(keys.deadlines, '0', '-1', 'WITHSCORES')).toContain(
      String(time.now + day),
    )
    expect((await queue.start()).taskId).toBe(taskId)
    expect(await store.moveStart({ taskId, turn: 1 }, { startInMs: 0 })).toBe('begun')
    expect(await redis.exists(keys.expiries, keys.due)).toBe(0)
  })

  test('to another time waits for that time', async ({ queue, time, store }) => {
    const taskId = await queue.submit({ startInMs: minute })
    const startAt = time.now + 5 * minute
    for (const _ of [1, 2])
      expect(await store.moveStart({ taskId, turn: 1 }, { startAt })).toBe('moved')
    time.now += minute
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    time.now = startAt
    expect((await queue.start()).taskId).toBe(taskId)
  })

  test('is refused once the turn has begun, has ended or is unknown', async ({ queue, store }) => {
    const taskId = await queue.submit()
    const move = async (turn: number) =>
      await store.moveStart({ taskId, turn }, { startInMs: minute })
    expect(await move(1)).toBe('begun')
    const claim = await queue.start()
    expect(await move(1)).toBe('begun')
    await queue.end(claim)
    expect(await move(1)).toBe('ended')
    await store.purge(taskId)
    expect(await move(1)).toBe('not_found')
  })
})

describe('a turn that expires', () => {
  test('fails when no worker has had it in time, and nothing was called', async ({
    queue,
    time,
    store,
    maintenance,
    redis,
  }) => {
    const taskId = await queue.submit({ expiresInMs: 5_000 })
    time.now += 4_999
    expect(await maintenance.serveExpiries(0, 10)).toMatchObject({ expired: 0 })
    time.now += 1
    expect(await maintenance.serveExpiries(0, 10)).toEqual({ expired: 1, failures: [] })
    expect(await store.view(taskId)).toMatchObject({
      status: 'failed',
      result: { failure: { code: 'expired', status: 504 }, calls: [] },
    })
    const types = (await store.facts(taskId)).map(({ type }) => type)
    expect(types).toEqual(['turn.started', 'turn.failed'])
    expect(await redis.exists(keys.expiries, keys.deadlines, keys.ring)).toBe(0)
    expect(await queuedTurns(redis)).toEqual([])
  })

  test('is never started after that, and does not stop the others of its lane', async ({
    queue,
    time,
    maintenance,
    redis,
  }) => {
    for (let at = 0; at < 3; at += 1) await queue.submit({ expiresInMs: 5_000 })
    const other = await queue.submit()
    time.now += 5_000
    expect((await queue.start('a')).taskId).toBe(other)
    expect(await queue.claim('b')).toEqual({ outcome: 'none' })
    expect(await maintenance.serveExpiries(0, 10)).toMatchObject({ expired: 3 })
    expect(await redis.exists(keys.due)).toBe(0)
  })

  test('does so at most once per ten seconds while no reconciler comes', async ({
    queue,
    time,
    redis,
  }) => {
    await queue.submit({ expiresInMs: 1_000 })
    time.now += 1_000
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    expect(await redis.zrange(keys.due, '0', '-1', 'WITHSCORES')).toContain(
      String(time.now + 10_000),
    )
    time.now += 10_000
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    expect(await redis.zrange(keys.due, '0', '-1', 'WITHSCORES')).toContain(
      String(time.now + 10_000),
    )
  })

  test('runs to its end once a worker has had it', async ({
    queue,
    time,
    maintenance,
    store,
    redis,
  }) => {
    const taskId = await queue.submit({ expiresInMs: 5_000 })
    const { turn, attempt } = await queue.start()
    expect(await redis.hexists(taskKeys(taskId).head, 'expires')).toBe(0)
    await store.release({ taskId, turn, attempt })
    time.now += 60_000
    expect(await maintenance.serveExpiries(0, 10)).toMatchObject({ expired: 0 })
    expect((await queue.start()).taskId).toBe(taskId)
  })

  test('counts from its start', async ({ queue, time, maintenance }) => {
    const taskId = await queue.submit({ startInMs: minute, expiresInMs: 5_000 })
    time.now += minute
    expect(await maintenance.serveExpiries(0, 10)).toMatchObject({ expired: 0 })
    expect((await queue.start()).taskId).toBe(taskId)
  })

  test('is not inherited by its redrive', async ({ queue, time, maintenance, store, redis }) => {
    const taskId = await queue.submit({ expiresInMs: 5_000, priority: 1 })
    time.now += 5_000
    await maintenance.serveExpiries(0, 10)
    await store.submit(submission({ taskId, requestId: 'r2', after: 1, isInherited: true }))
    expect(await redis.hmget(taskKeys(taskId).head, 'priority', 'expires')).toEqual(['1', null])
    expect(await queue.start()).toMatchObject({ taskId, turn: 2 })
  })

  test('is due for the reconciler when it expires', async ({ queue, maintenance }) => {
    await queue.submit({ expiresInMs: 5_000 })
    expect(await maintenance.nextDue(0)).toBe(5_000)
  })
})

test('a later turn keeps the fairness key of its task unless it has its own', async ({
  queue,
  store,
  redis,
}) => {
  const taskId = await queue.submit({ fairnessKey: 'ada' })
  const next = async (after: number, fairnessKey?: string) => {
    await queue.end(await queue.start())
    const keepsFairnessKey = fairnessKey === undefined
    await store.submit(
      submission({ taskId, requestId: `r${after}`, after, fairnessKey, keepsFairnessKey }),
    )
    return await redis.hget(taskKeys(taskId).head, 'fairness-key')
  }
  expect([await next(1), await next(2, 'bob'), await next(3)]).toEqual(['ada', 'bob', 'bob'])
})

test('a turn without a start or an expiry costs no further command', async () => {
  // No other test may use this server.
  const server = await startRedis()
  const redis = new Redis(server.url)
  onTestFinished(async () => {
    redis.disconnect()
    await server.stop()
  })
  const store = createTaskStore(redis)
  let made = 0
  const submit = async (part: Partial<Submission> = {}) => {
    made += 1
    const taskId = idOf(made)
    await store.submit(submission({ taskId, requestId: taskId, ...part }))
  }
  const commands = async () => {
    await redis.config('RESETSTAT')
    await submit()
    const claim = { shard: 0, slot: 's', attempt: nextAttempt(), lockMs }
    const claimed = await store.claimNext(claim)
    if (claimed.outcome !== 'claimed') throw new Error('nothing was claimed')
    await store.append(endOf(claimed))
    const stats = await redis.info('commandstats')
    return [...stats.matchAll(/cmdstat_(\S+?):calls=(\d+)/g)].map(
      ([, name, calls]) => `${name} ${calls}`,
    )
  }
  await commands()
  const usual = await commands()
  await submit({ startInMs: 60_000 })
  expect(await commands()).toEqual(usual)
})
