import type { Append, NewFact } from '@longhaul/core'
import { describe, expect } from 'vitest'
import { shardKeys } from '../connection/keys.ts'
import { queuedTurns } from './queued.fixture.ts'
import { job, jobName, lock, submission, taskId, test } from './turn.fixture.ts'

const attempt = { ...job, attempt: 'a1' }
const { leases, deadlines } = shardKeys(0)
const until = 1_060_000

/** The decision of the worker that has folded the log of a submitted and claimed task. */
const park: Append = {
  ...attempt,
  ordinal: 1,
  facts: [{ type: 'turn.parked', until } satisfies NewFact],
  park: { folded: 2, until },
}

describe('a parked turn', () => {
  test('has no worker until its time has come, then is queued', async ({
    store,
    maintenanceStore,
    time,
    redis,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    expect(await store.append(park)).toMatchObject({ outcome: 'ok', length: 3 })
    expect(await store.view(taskId)).toMatchObject({ status: 'parked' })
    expect(await queuedTurns(redis)).toEqual([])
    expect(await redis.zcard(leases)).toBe(0)
    expect(await store.claim(job, 'a2', lock)).toEqual({ outcome: 'gone' })
    expect(await store.submit(submission({ requestId: 'r2', after: 1 }))).toEqual({
      action: 'conflict',
    })

    time.now = until - 1
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({ resumed: 0 })
    time.now = until
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({ resumed: 1 })
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({ resumed: 0 })
    expect(await queuedTurns(redis)).toEqual([jobName])
    expect(await store.claim(job, 'a2', lock)).toMatchObject({
      outcome: 'claimed',
      epoch: 2,
      deaths: 0,
    })
  })

  test('is parked once by repeated decisions, and only by its attempt', async ({
    store,
    maintenanceStore,
    time,
    redis,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await store.append(park)
    expect(await store.append(park)).toMatchObject({ outcome: 'ok', length: 3 })
    expect(await store.append({ ...park, ordinal: 2 })).toEqual({ outcome: 'fenced' })
    expect(await store.append({ ...park, attempt: 'a0' })).toEqual({ outcome: 'fenced' })
    expect(await store.beat(attempt, lock)).toMatchObject({ alive: false })
    expect(await store.release(attempt)).toEqual({ released: false })
    expect(await store.facts(taskId)).toHaveLength(3)

    // A resend that arrives after the turn was queued again does not change it.
    time.now = until
    await maintenanceStore.serveDeadlines(0, 10)
    await store.append(park)
    expect(await store.view(taskId)).toMatchObject({ status: 'queued' })
    expect(await redis.zcard(deadlines)).toBe(1)
  })

  test('ends at once when it is cancelled, and does not wake', async ({
    store,
    maintenanceStore,
    time,
    redis,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await store.append(park)
    expect(await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })).toBe('ended')
    expect(await store.view(taskId)).toMatchObject({ status: 'cancelled' })
    expect(await redis.zcard(deadlines)).toBe(0)
    time.now = until
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({
      ended: 0,
      resumed: 0,
    })
  })

  test('ends at its deadline, if that comes first', async ({
    store,
    maintenanceStore,
    time,
    redis,
  }) => {
    await store.submit(submission({ deadlineMs: 30_000 }))
    await store.claim(job, 'a1', lock)
    await store.append(park)
    time.now += 30_000
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({
      ended: 1,
      resumed: 0,
    })
    expect(await store.view(taskId)).toMatchObject({
      status: 'failed',
      result: { failure: { code: 'deadline' } },
    })
    expect(await redis.zcard(deadlines)).toBe(0)
  })

  test('is not purged', async ({ store, maintenanceStore, time }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await store.append(park)
    expect(await store.purge(taskId)).toBe('live')
    time.now = until - 1
    expect(await maintenanceStore.purgeDue(0, 10)).toMatchObject({ purged: 0 })
  })
})

test('a turn is not parked when its log has facts that the worker has not folded', async ({
  store,
}) => {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })
  expect(await store.append(park)).toEqual({ outcome: 'stale', cancelRequested: true })
  expect(await store.view(taskId)).toMatchObject({ status: 'running' })
})

test('a wake-up time without a parked turn is removed', async ({
  store,
  maintenanceStore,
  time,
  redis,
}) => {
  await store.submit(submission())
  await redis.zadd(deadlines, time.now, jobName.replace('.1', ':wake'))
  expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({
    ended: 0,
    resumed: 0,
  })
  expect(await redis.zcard(deadlines)).toBe(1)
  expect(await store.view(taskId)).toMatchObject({ status: 'queued' })
})
