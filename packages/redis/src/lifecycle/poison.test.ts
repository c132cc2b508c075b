import { describe, expect } from 'vitest'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { createTaskStore } from './task-store.ts'
import { job, lock, submission, taskId, test as base, tool } from './turn.fixture.ts'

const { head, log, blob } = taskKeys(taskId)

const test = base
  .extend('worker', ({ redis, time, maintenanceStore }) => ({
    store: createTaskStore(redis, { worker: 'w1', clock: () => time.now }),
    beat: () => maintenanceStore.workerAlive(0, 'w1'),
  }))
  .extend('die', ({ time, maintenanceStore }) => async () => {
    time.now += lock
    await maintenanceStore.expireLeases(0, 10)
  })

describe('a claim', () => {
  test('counts consecutive attempts that died with their process', async ({
    worker: { store, beat },
    die,
  }) => {
    await store.submit(submission())
    for (let crashes = 0; crashes < 5; crashes += 1) {
      const claim = await store.claim(job, `a${crashes}`, lock, { alone: true })
      expect(claim).toMatchObject({
        outcome: 'claimed',
        deaths: crashes,
        alone: 0,
        length: 2 + crashes,
      })
      await beat()
      await die()
    }
  })

  test('leaves a turn that crashed two processes to a separate process', async ({
    worker: { store },
    redis,
    time,
    die,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await die()
    expect(await store.claim(job, 'a2', lock)).toMatchObject({ deaths: 1 })
    await die()
    const next = job
    const suspect = { outcome: 'suspect', ...job, workspace: 'w', deaths: 2, alone: 0 }
    expect(await store.claim(next, 'a3', lock)).toEqual({ ...suspect, sinceMs: 0 })
    expect(await redis.lrange(log, 0, -1)).toHaveLength(3)
    time.now += 1_000
    expect(await store.claim(next, 'a4', lock)).toEqual({ ...suspect, sinceMs: 1_000 })
    expect(await store.claim(next, 'a5', lock, { alone: true })).toMatchObject({
      outcome: 'claimed',
      deaths: 2,
    })
  })

  test('does not suspect a turn whose workers died three times while it streamed', async ({
    worker: { store },
    die,
  }) => {
    await store.submit(submission())
    const outcomes = []
    for (let segment = 1; segment <= 6; segment += 1) {
      const attempt = `a${segment}`
      const claim = await store.claim(job, attempt, lock)
      outcomes.push(claim.outcome)
      const piece = { partId: `p${segment}`, kind: 'text' as const, text: 'x' }
      await store.stream({ ...job, attempt }, 1, [piece])
      await die()
    }
    // A turn that streams and crashes each time becomes a suspect in the end.
    expect(outcomes).toEqual([...Array.from({ length: 5 }, () => 'claimed'), 'suspect'])
  })

  test('returns a turn with too many crashes alone without its facts, to be ended', async ({
    worker: { store },
    redis,
  }) => {
    await store.submit(submission())
    await redis.hset(head, 'epoch', 4, 'deaths', 4, 'alone', 2)
    expect(await store.claim(job, 'a1', lock)).toMatchObject({ outcome: 'suspect' })
    await redis.hset(head, 'deaths', 5, 'alone', 3)
    expect(await store.claim(job, 'a1', lock)).toMatchObject({
      outcome: 'claimed',
      alone: 3,
      facts: [],
    })
  })

  test('counts no crash after a release, while the process is alive, or without its id', async ({
    worker: { store, beat },
    store: nameless,
    time,
    maintenanceStore,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await store.release({ ...job, attempt: 'a1' })
    time.now += lock
    expect(await store.claim(job, 'a2', lock)).toMatchObject({ deaths: 0 })
    time.now += lock
    await beat()
    await maintenanceStore.expireLeases(0, 10)
    expect(await nameless.claim(job, 'a3', lock)).toMatchObject({ deaths: 0 })
    time.now += lock
    await maintenanceStore.expireLeases(0, 10)
    expect(await store.claim(job, 'a4', lock)).toMatchObject({ deaths: 0 })
  })

  test('counts no crash when Redis itself was unavailable', async ({
    worker: { store },
    redis,
    time,
    maintenanceStore,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await redis.hset(head, 'redis', 'the run before')
    time.now += lock
    await maintenanceStore.expireLeases(0, 10)
    expect(await store.claim(job, 'a2', lock)).toMatchObject({ deaths: 0 })
  })

  test('counts from zero again when a fact was recorded', async ({
    worker: { store },
    time,
    maintenanceStore,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    time.now += lock
    await maintenanceStore.expireLeases(0, 10)
    const next = job
    expect(await store.claim(next, 'a2', lock)).toMatchObject({ deaths: 1 })
    await store.append({ ...job, attempt: 'a2', ordinal: 1, facts: [tool('c')] })
    time.now += lock
    await maintenanceStore.expireLeases(0, 10)
    expect(await store.claim(job, 'a3', lock)).toMatchObject({ deaths: 1 })
  })

  test('sent twice counts once', async ({ worker: { store }, time, maintenanceStore }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    time.now += lock
    await maintenanceStore.expireLeases(0, 10)
    const next = job
    const claim = await store.claim(next, 'a2', lock)
    expect(await store.claim(next, 'a2', lock)).toEqual(claim)
  })

  test('reports that the log cannot be read', async ({ store, redis }) => {
    const parts = [{ kind: 'text' as const, text: 'x'.repeat(20_000) }]
    const started = {
      ...submission().started,
      message: { messageId: 'm', role: 'user' as const, parts },
    }
    await store.submit(submission({ started }))
    const [hash = ''] = (await redis.hget(head, 'blobs'))?.trim().split(' ') ?? []
    await redis.del(blob(hash))
    expect(await store.claim(job, 'a1', lock)).toMatchObject({
      outcome: 'claimed',
      facts: [],
      length: 2,
      unreadable: expect.stringContaining(hash),
    })
    await redis.lset(log, 0, 'no JSON')
    expect(await store.claim(job, 'a1', lock)).toMatchObject({ unreadable: expect.anything() })
  })
})

describe('a report of an attempt whose process died or was blocked', () => {
  const reported = { ...job, attempt: 'a1' }

  test('releases the turn at once and counts', async ({ worker: { store, beat } }) => {
    await store.submit(submission())
    await beat()
    await store.claim(job, 'a1', lock)
    expect(await store.release(reported, 'alone')).toEqual({ released: true })
    expect(await store.release(reported, 'alone')).toEqual({ released: false })
    expect(await store.claim(job, 'a2', lock)).toMatchObject({ deaths: 1, alone: 1 })
  })

  test('counts when the lease has expired, and when another attempt has begun', async ({
    worker: { store, beat },
    time,
    die,
    maintenanceStore,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await die()
    await beat()
    expect(await store.release(reported, 'died')).toEqual({ released: false })
    const second = job
    expect(await store.claim(second, 'a2', lock)).toMatchObject({ deaths: 1 })
    time.now += lock
    await beat()
    await maintenanceStore.expireLeases(0, 10)
    await store.claim(second, 'a3', lock)
    await store.release({ ...second, attempt: 'a2' }, 'died')
    await store.release({ ...second, attempt: 'a2' }, 'died')
    await store.release({ ...second, attempt: 'a3' })
    expect(await store.claim(second, 'a4', lock)).toMatchObject({ outcome: 'suspect', deaths: 2 })
  })

  test('does not count a crash twice, or when the turn has made progress since', async ({
    worker: { store, beat },
    die,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await die()
    expect(await store.claim(job, 'a2', lock)).toMatchObject({ deaths: 1 })
    await store.release(reported, 'died')
    await die()
    await beat()
    expect(await store.claim(job, 'a3', lock)).toMatchObject({ deaths: 1 })
    await store.append({ ...job, attempt: 'a3', ordinal: 1, facts: [tool('c')] })
    await store.release({ ...job, attempt: 'a2' }, 'died')
    await store.release({ ...job, attempt: 'a3' })
    expect(await store.claim(job, 'a4', lock)).toMatchObject({ deaths: 0 })
  })
})

test('a turn that has lost a worker is cancelled at once, even if another runs it', async ({
  worker: { store },
  die,
}) => {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  await die()
  await store.claim(job, 'a2', lock)
  const asked = { reason: 'why', graceMs: 2_000 }
  expect(await store.cancel({ taskId }, asked)).toBe('ended')
  expect((await store.view(taskId))?.status).toBe('cancelled')
})

test('worker processes are listed while they are alive, and removed afterwards', async ({
  maintenanceStore,
  time,
  redis,
}) => {
  await maintenanceStore.workerAlive(0, 'killed')
  await maintenanceStore.workerAlive(0, 'stopped')
  await maintenanceStore.workerGone(0, 'stopped')
  expect(await redis.zrange(shardKeys(0).workers, '0', '-1')).toEqual(['killed'])
  time.now += 3_600_000
  await maintenanceStore.workerAlive(0, 'new')
  expect(await redis.zrange(shardKeys(0).workers, '0', '-1')).toEqual(['new'])
})
