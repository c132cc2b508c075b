import type { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import { createChildren } from '../lifecycle/children.ts'
import { taskKeys } from '../connection/keys.ts'
import {
  completed,
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
const pieces = [{ partId: 'p', kind: 'text' as const, text: 'x' }]

/** A running turn whose latest fact was lost in a failover: the fact that its attempt has `seen` no longer exists. */
const it = test.extend('seen', async ({ store, redis, time }) => {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  const restore = await snapshot(redis)
  const reply = await store.append({ ...attempt, ordinal: 1, facts: [tool('c')] })
  if (reply.outcome !== 'ok') throw new Error(reply.outcome)
  await restore()
  time.now += 1
  return { length: reply.length, pos: reply.pos, at: reply.at }
})

describe('on a log that has lost its tail', () => {
  it('an attempt that has seen it records nothing, ends nothing and parks nothing', async ({
    store,
    redis,
    time,
    seen,
  }) => {
    const writer = { ...attempt, ordinal: 2, seen }
    const left = await redis.lrange(log, 0, -1)
    const folded = left.length
    const end = { folded, status: 'completed', result } as const
    const until = time.now + 1_000
    const parked = [{ type: 'turn.parked' as const, until }]
    expect([
      await store.append({ ...writer, facts: [tool('d')] }),
      await store.append({ ...writer, facts: [completed], end }),
      await store.append({ ...writer, facts: parked, park: { folded, until } }),
      await store.stream(writer, 2, pieces),
    ]).toEqual([
      { outcome: 'fenced' },
      { outcome: 'fenced' },
      { outcome: 'fenced' },
      { alive: false, cancelRequested: false },
    ])
    expect(await redis.lrange(log, 0, -1)).toEqual(left)
    expect(await store.view(taskId)).toMatchObject({ status: 'running' })
  })

  it('another fact at the same position is not accepted as the lost one', async ({
    store,
    redis,
    seen,
  }) => {
    await store.cancel(job, { reason: 'why', graceMs: 2_000 })
    const [, , inPlace] = await redis.lrange(log, 0, -1)
    expect(JSON.parse(inPlace ?? '')).toMatchObject({ type: 'cancel.requested', pos: seen.pos })
    const writer = { ...attempt, ordinal: 2, seen }
    const end = { folded: seen.length, status: 'completed', result } as const
    expect(await store.append({ ...writer, facts: [tool('d')] })).toEqual({ outcome: 'fenced' })
    expect(await store.append({ ...writer, facts: [completed], end })).toEqual({
      outcome: 'fenced',
    })
  })

  it('it starts no task of a sub-agent', async ({ redis, time, seen }) => {
    const child = taskId.replace(/0$/, '1')
    const { started, ...rest } = submission({ taskId: child })
    const parent = { taskId, turn: 1, callId: 'c', depth: 1, root: { taskId, turn: 1 } }
    const begun = { ...rest, agent: 'k', started: { ...started, parent } }
    const children = createChildren(redis, { clock: () => time.now })
    expect(await children.start(begun, { ...attempt, seen })).toBe('fenced')
    expect(await redis.exists(taskKeys(child).head)).toBe(0)
  })

  it('another attempt folds the rest and continues', async ({
    store,
    redis,
    time,
    seen,
    maintenanceStore,
  }) => {
    time.now += lock
    await maintenanceStore.expireLeases(0, 10)
    const reply = await store.claim(job, 'a2', lock)
    expect(reply).toMatchObject({ outcome: 'claimed', length: seen.length })
    const last = JSON.parse((await redis.lindex(log, -1)) ?? '') as { pos: number; at: number }
    const mine = { length: seen.length, pos: last.pos, at: last.at }
    const other = { ...attempt, attempt: 'a2', ordinal: 1, seen: mine, facts: [tool('d')] }
    expect(await store.append(other)).toMatchObject({ outcome: 'ok' })
  })
})

test('facts that were added meanwhile do not fence an attempt', async ({ store, redis }) => {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  const last = JSON.parse((await redis.lindex(log, -1)) ?? '') as { pos: number; at: number }
  const seen = { length: 2, pos: last.pos, at: last.at }
  await store.cancel(job, { reason: 'why', graceMs: 2_000 })
  const append = { ...attempt, ordinal: 1, seen, facts: [tool('c')] }
  expect(await store.append(append)).toMatchObject({ outcome: 'ok', length: 4 })
  expect(await store.append(append)).toMatchObject({ outcome: 'ok', length: 4 })
})

/** Returns a function that restores the current state of the task. */
async function snapshot(redis: Redis): Promise<() => Promise<void>> {
  const keys = [head, log]
  const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)))
  return async () => {
    for (const [at, key] of keys.entries()) {
      await redis.restore(key, 0, dumps[at] ?? Buffer.alloc(0), 'REPLACE')
    }
  }
}
