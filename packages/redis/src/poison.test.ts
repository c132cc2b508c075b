import { describe, expect } from 'vitest'
import { shardKeys, taskKeys } from './keys.ts'
import { createTaskStore } from './task-store.ts'
import { job, lock, submission, taskId, test as base, tool } from './turn.fixture.ts'

const { head, log, blob } = taskKeys(taskId)

const test = base.extend('worker', ({ redis, time, upkeep }) => ({
  store: createTaskStore(redis, { worker: 'w1', clock: () => time.now }),
  beat: () => upkeep.workerAlive(0, 'w1'),
}))

describe('a claim', () => {
  test('counts the attempts in a row that died with their process', async ({
    worker: { store, beat },
    time,
    upkeep,
  }) => {
    await store.submit(submission())
    for (let deaths = 0; deaths < 5; deaths += 1) {
      const claim = await store.claim({ ...job, segment: deaths + 1 }, `a${deaths}`, lock)
      expect(claim).toMatchObject({ outcome: 'claimed', deaths, length: 2 + deaths })
      // Beyond the third, the log itself may be what kills.
      expect(claim).toMatchObject({ facts: { length: deaths > 3 ? 0 : 2 + deaths } })
      await beat()
      time.now += lock
      await upkeep.expireLeases(0, 30_000, 10)
    }
  })

  test('counts no death after a release, while the process lives, or when it left no name', async ({
    worker: { store, beat },
    store: nameless,
    time,
    upkeep,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await store.release({ ...job, attempt: 'a1' })
    time.now += lock
    expect(await store.claim(job, 'a2', lock)).toMatchObject({ deaths: 0 })
    time.now += lock
    await beat()
    await upkeep.expireLeases(0, 30_000, 10)
    expect(await nameless.claim({ ...job, segment: 2 }, 'a3', lock)).toMatchObject({ deaths: 0 })
    time.now += lock
    await upkeep.expireLeases(0, 30_000, 10)
    expect(await store.claim({ ...job, segment: 3 }, 'a4', lock)).toMatchObject({ deaths: 0 })
  })

  test('counts no death when Redis was away itself', async ({
    worker: { store },
    redis,
    time,
    upkeep,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await redis.hset(head, 'redis', 'the run before')
    time.now += lock
    await upkeep.expireLeases(0, 30_000, 10)
    expect(await store.claim({ ...job, segment: 2 }, 'a2', lock)).toMatchObject({ deaths: 0 })
  })

  test('counts from none again when something was recorded', async ({
    worker: { store },
    time,
    upkeep,
  }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    time.now += lock
    await upkeep.expireLeases(0, 30_000, 10)
    const next = { ...job, segment: 2 }
    expect(await store.claim(next, 'a2', lock)).toMatchObject({ deaths: 1 })
    await store.append({ ...job, attempt: 'a2', ordinal: 1, facts: [tool('c')] })
    time.now += lock
    await upkeep.expireLeases(0, 30_000, 10)
    expect(await store.claim({ ...job, segment: 3 }, 'a3', lock)).toMatchObject({ deaths: 1 })
  })

  test('sent twice counts once', async ({ worker: { store }, time, upkeep }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    time.now += lock
    await upkeep.expireLeases(0, 30_000, 10)
    const next = { ...job, segment: 2 }
    const claim = await store.claim(next, 'a2', lock)
    expect(await store.claim(next, 'a2', lock)).toEqual(claim)
  })

  test('tells that the log cannot be read', async ({ store, redis }) => {
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

test('worker processes are known while they live, and forgotten when they are gone', async ({
  upkeep,
  time,
  redis,
}) => {
  await upkeep.workerAlive(0, 'killed')
  await upkeep.workerAlive(0, 'stopped')
  await upkeep.workerGone(0, 'stopped')
  expect(await redis.zrange(shardKeys(0).workers, '0', '-1')).toEqual(['killed'])
  time.now += 3_600_000
  await upkeep.workerAlive(0, 'new')
  expect(await redis.zrange(shardKeys(0).workers, '0', '-1')).toEqual(['new'])
})
