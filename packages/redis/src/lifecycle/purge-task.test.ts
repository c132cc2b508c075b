import type { TaskStore } from '@longhaul/core'
import { describe, expect } from 'vitest'
import { purgeTask } from './purge-task.ts'
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
} from './turn.fixture.ts'

const attempt = { ...job, attempt: 'a1' }
const { head, log, deltas, blob } = taskKeys(taskId)
const large = submission({
  labels: ['thread:a b', 'tag:x'],
  started: {
    ...submission().started,
    message: {
      messageId: 'm',
      role: 'user',
      parts: [{ kind: 'text', text: 'x'.repeat(20_000) }],
    },
  },
})

describe('a task', () => {
  test('is purged with all its keys when its retention is over', async ({
    store,
    maintenanceStore,
    redis,
    time,
  }) => {
    await runToEnd(store)
    const keys = await redis.keys('*task:*')
    expect(keys).toHaveLength(4)
    time.now += 30 * day - 1
    expect(await maintenanceStore.purgeDue(0, 10)).toMatchObject({ purged: 0 })
    time.now += 1
    expect(await maintenanceStore.purgeDue(0, 10)).toMatchObject({ purged: 1 })
    expect(await store.view(taskId)).toBeUndefined()
    expect(await redis.keys('*:task:*')).toEqual([head])
    expect(await redis.hgetall(head)).toEqual({ status: 'forgotten' })
    expect(await redis.pttl(head)).toBeGreaterThan(day - 10_000)
    for (const index of ['*:tasks:*', '*:by-agent:*', '*:by-label:*', '*:forget', '*:deadlines']) {
      expect(await redis.keys(index)).toEqual([])
    }
  })

  test('is kept while a turn is live, and for its retention from that turn’s end', async ({
    store,
    maintenanceStore,
    time,
  }) => {
    await runToEnd(store)
    await store.submit(submission({ requestId: 'r2', after: 1 }))
    time.now += 31 * day
    expect(await maintenanceStore.purgeDue(0, 10)).toMatchObject({ purged: 0 })
    expect(await store.purge(taskId)).toBe('live')
    await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })
    time.now += 29 * day
    expect(await maintenanceStore.purgeDue(0, 10)).toMatchObject({ purged: 0 })
    time.now += day
    expect(await maintenanceStore.purgeDue(0, 10)).toMatchObject({ purged: 1 })
  })

  test('that was due and has continued since is kept', async ({ store, redis, time }) => {
    await runToEnd(store)
    const due = { clockTime: time.now, onlyWhenDue: true }
    expect(await purgeTask(redis, taskId, due)).toBe('moved')
    const later = { ...due, clockTime: time.now + 30 * day }
    expect(await purgeTask(redis, taskId, later)).toBe('forgotten')
  })

  test('that does not exist cannot be purged', async ({ store }) => {
    expect(await store.purge(taskId)).toBe('not_found')
    await runToEnd(store)
    expect(await store.purge(taskId)).toBe('forgotten')
    expect(await store.purge(taskId)).toBe('not_found')
  })
})

test('no late command restores a purged task', async ({ store, maintenanceStore, redis }) => {
  await runToEnd(store)
  const { wake } = shardKeys(0)
  await store.purge(taskId)
  const before = await everything()

  expect(await store.submit(large)).toEqual({ action: 'not_found' })
  const next = submission({ requestId: 'r2', after: 1 })
  expect(await store.submit(next)).toEqual({ action: 'not_found' })
  expect(await store.turnOf(taskId, 'r1')).toBeUndefined()
  expect(await store.claim(job, 'a1', lock)).toEqual({ outcome: 'gone' })
  expect(await store.append({ ...attempt, ordinal: 9, facts: [tool('c')] })).toEqual({
    outcome: 'fenced',
  })
  const end = { folded: 0, status: 'completed', result } as const
  expect(await store.append({ ...attempt, ordinal: 9, facts: [completed], end })).toEqual({
    outcome: 'fenced',
  })
  const pieces = [{ partId: 'p', kind: 'text' as const, text: 'x' }]
  expect(await store.stream(attempt, 9, pieces)).toMatchObject({ alive: false })
  expect(await store.beat(attempt, lock)).toMatchObject({ alive: false })
  expect(await store.release(attempt)).toEqual({ released: false })
  expect(await store.cancel({ taskId }, { reason: 'why', graceMs: 0 })).toBe('not_found')
  expect(await store.read(taskId, { pos: 0, fact: 0 })).toBeUndefined()
  expect(await store.facts(taskId)).toEqual([])
  expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({
    ended: 0,
    resumed: 0,
  })
  expect(await maintenanceStore.purgeDue(0, 10)).toMatchObject({ purged: 0 })

  expect(await everything()).toEqual(before)
  // Nor does one after the tombstone is gone, except a first submission.
  await redis.del(head)
  expect(await store.submit(next)).toEqual({ action: 'not_found' })
  await store.append({ ...attempt, ordinal: 9, facts: [tool('c')] })
  await store.stream(attempt, 9, pieces)
  await store.beat(attempt, lock)
  await store.cancel({ taskId }, { reason: 'why', graceMs: 0 })
  expect(await redis.exists(head, log, deltas, blob('x'))).toBe(0)

  async function everything() {
    const keys = (await redis.keys('*')).toSorted()
    return [keys, await redis.hgetall(head), await redis.xlen(wake)]
  }
})

async function runToEnd(store: TaskStore): Promise<void> {
  await store.submit(large)
  await store.claim(job, 'a1', lock)
  await store.stream(attempt, 1, [{ partId: 'p', kind: 'text', text: 'x' }])
  const end = { folded: 2, status: 'completed', result } as const
  await store.append({ ...attempt, ordinal: 2, facts: [completed], end })
}
