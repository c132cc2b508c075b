import type { AnnouncedEnd, NotificationKind, Wake } from '@longhaul/core'
import { killClients, test as base } from '@longhaul/testbed'
import type { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import { connect } from '../connection/connect.ts'
import { shardKeys } from '../connection/keys.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { submission, taskId } from '../lifecycle/turn.fixture.ts'
import { endOf, lockMs, nextAttempt } from './claims.fixture.ts'
import { createWake, notifyRegistryChanged } from './wake-signal.ts'

const stream = shardKeys(0).wake

const test = base.extend('wake', async ({ redis, redisUrl }, { onCleanup }) => {
  const changes: number[] = []
  const wake = createWake({
    connect: () => connect(redisUrl, { role: 'wake', onError: () => {} }),
    shards: 1,
    registryChanged: () => changes.push(1),
    sweepMs: 300,
  })
  onCleanup(() => wake.close())
  const received: (NotificationKind | undefined)[] = []
  wake.watch(taskId, (kind) => received.push(kind))
  await redis.ping()
  await expect.poll(() => changes.length).toBeGreaterThan(0)
  received.length = 0
  return { received, changes, watch: (...args: Parameters<Wake['watch']>) => wake.watch(...args) }
})

describe('the wake reader', () => {
  test('notifies the watchers of a task, and no others', async ({ wake, redis }) => {
    const other: unknown[] = []
    wake.watch(taskId.replace(/0$/, '1'), (kind) => other.push(kind))
    await notify(redis, 'fact')
    await notify(redis, 'end')
    await expect.poll(() => wake.received.filter(Boolean)).toEqual(['fact', 'end'])
    expect(other.filter(Boolean)).toEqual([])
  })

  test('reads all notifications of an entry', async ({ wake, redis }) => {
    const fields = ['t', 'other', 'p', '1', 'k', 'fact', 't', taskId, 'p', '2', 'k', 'end']
    await redis.xadd(stream, '0-*', ...fields)
    await expect.poll(() => wake.received.filter(Boolean)).toEqual(['end'])
  })

  test.for<[string, { callerWait?: number }, string, string | undefined]>([
    ['the caller waits', { callerWait: 1_000 }, 'done', 'done'],
    ['nobody waits', {}, 'done', undefined],
    ['it is large', { callerWait: 1_000 }, 'x'.repeat(2_000), undefined],
  ])('receives a result with its end: %s', async ([, waits, text, expected], { wake, redis }) => {
    const ends: (AnnouncedEnd | undefined)[] = []
    wake.watch(taskId, (kind, _pos, ended) => kind === 'end' && ends.push(ended))
    const store = createTaskStore(redis, { worker: 'w' })
    const { started, ...usual } = submission()
    await store.submit({ ...usual, started: { ...started, ...waits } })
    const claim = { shard: 0, slot: 's', lockMs }
    const claimed = await store.claimNext({ ...claim, attempt: nextAttempt() })
    if (claimed.outcome !== 'claimed') throw new Error(claimed.outcome)
    const { end, ...append } = endOf(claimed)
    const next = { ...claim, attempt: nextAttempt() }
    await store.append({ ...append, end: { ...end, result: { ...end.result, text } }, next })
    await expect.poll(() => ends).toHaveLength(1)
    expect([ends[0]?.turn, ends[0]?.result.text]).toEqual([expected && 1, expected])
  })

  test('does not notify a watcher that has stopped', async ({ wake, redis }) => {
    const received: unknown[] = []
    const unwatch = wake.watch(taskId, (kind) => received.push(kind))
    unwatch()
    await notify(redis, 'end')
    await expect.poll(() => wake.received).toContain('end')
    expect(received).toEqual([])
  })

  test('wakes all watchers when notifications are missing', async ({ wake, redis }) => {
    await notify(redis, 'fact')
    await expect.poll(() => wake.received).toContain('fact')
    wake.received.length = 0
    await redis.xadd(stream, '0-900', 't', 'somebody', 'p', '1', 'k', 'fact')
    await expect.poll(() => wake.received, { interval: 5 }).toContain(undefined)
  })

  test('wakes all watchers when its connection was lost', async ({ wake, redis }) => {
    await killClients(redis)
    wake.received.length = 0
    await expect.poll(() => wake.received).toContain(undefined)
    await notify(redis, 'end')
    await expect.poll(() => wake.received).toContain('end')
  })

  test('continues after the stream was lost and counts from one again', async ({ wake, redis }) => {
    for (let n = 0; n < 50; n += 1) await notify(redis, 'fact')
    await expect.poll(() => wake.received.filter(Boolean)).toHaveLength(50)
    await redis.del(stream)
    wake.received.length = 0
    await notify(redis, 'end')
    await expect.poll(() => wake.received).toContain(undefined)
  })

  test('detects that the stream was lost', async ({ redis, redisUrl }) => {
    const wake = createWake({
      connect: () => connect(redisUrl, { role: 'wake', onError: () => {} }),
      shards: 1,
      sweepMs: 600_000,
    })
    const received: (NotificationKind | undefined)[] = []
    wake.watch(taskId, (kind) => received.push(kind))
    await expect.poll(() => received).toEqual([undefined])
    for (let n = 0; n < 50; n += 1) await notify(redis, 'fact')
    await expect.poll(() => received.filter(Boolean)).toHaveLength(50)
    await redis.del(stream)
    await notify(redis, 'fact')
    received.length = 0
    await expect.poll(() => received).toContain(undefined)
    await notify(redis, 'end')
    await expect.poll(() => received).toContain('end')
    await wake.close()
  })

  test('reports a change in the registries', async ({ wake, redis }) => {
    const before = wake.changes.length
    await notifyRegistryChanged(redis)
    await expect.poll(() => wake.changes.length, { interval: 5 }).toBeGreaterThan(before)
  })

  test('that paused without watchers notifies a new watcher', async ({ redis, redisUrl }) => {
    let resyncs = 0
    const idle = createWake({
      connect: () => connect(redisUrl, { role: 'wake', onError: () => {} }),
      shards: 1,
      registryChanged: () => (resyncs += 1),
    })
    await expect.poll(() => resyncs).toBe(1)
    await notify(redis, 'fact')
    const received: unknown[] = []
    idle.watch(taskId, (kind) => received.push(kind))
    await notify(redis, 'end')
    await expect.poll(() => received).toContain('end')
    await idle.close()
  })

  test('of a worker receives cancels only', async ({ redis, redisUrl }) => {
    const store = createTaskStore(redis)
    const wake = createWake({
      connect: () => connect(redisUrl, { role: 'wake', onError: () => {} }),
      shards: 1,
      notifications: 'cancels',
    })
    const received: unknown[] = []
    wake.watch(taskId, (kind) => received.push(kind))
    await expect.poll(() => received).toEqual([undefined])
    await store.submit(submission())
    await store.claim({ taskId, turn: 1 }, 'attempt', 10_000)
    await store.cancel({ taskId }, { reason: 'asked', graceMs: 2_000 })
    await expect.poll(() => received).toEqual([undefined, 'cancel'])
    await wake.close()
  })
})

async function notify(redis: Redis, kind: NotificationKind): Promise<void> {
  await redis.xadd(stream, '0-*', 't', taskId, 'p', '1', 'k', kind)
}
