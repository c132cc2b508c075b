import { fullAt, type NewFact, type TaskStore } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { expect } from 'vitest'
import { taskKeys } from '../connection/keys.ts'
import { completed, job, lock, result, submission, taskId, test, tool } from './turn.fixture.ts'

const { head, log } = taskKeys(taskId)
const attempt = { ...job, attempt: 'a1' }
const next = submission({ requestId: 'r2', after: 1 })

test('a task counts the bytes of its facts and its blobs', async ({ store }) => {
  await store.submit(submission())
  const claim = await store.claim(job, 'a1', lock)
  expect(claim).toMatchObject({ bytes: JSON.stringify(await firstFact(store)).length })
  const before = claim.outcome === 'claimed' ? claim.bytes : 0
  const large: NewFact = {
    type: 'tool.returned',
    callId: 'c',
    toolId: 't',
    result: 'x'.repeat(100_000),
    ms: 1,
  }
  const added = { ...attempt, ordinal: 1, facts: [large] }
  const reply = await store.append(added)
  const bytes = reply.outcome === 'ok' ? reply.bytes - before : 0
  expect(bytes).toBeGreaterThan(100_000)
  expect(bytes).toBeLessThan(101_000)
  expect(await store.append(added)).toEqual(reply)
})

test('a task without capacity for facts accepts no further turn', async ({ store, redis }) => {
  await runToEnd(store)
  await fill(redis, fullAt.facts - 1)
  expect(await store.submit(next)).toMatchObject({ action: 'accepted' })
  await store.cancel({ taskId }, { reason: 'why', graceMs: 0 })
  const another = submission({ requestId: 'r3', after: 2 })
  expect(await store.submit(another)).toEqual({ action: 'full', what: 'facts' })
  expect(await store.submit(next)).toMatchObject({ action: 'replay' })
})

test('a task without capacity for bytes accepts no further turn', async ({ store, redis }) => {
  await runToEnd(store)
  await redis.hset(head, 'bytes', fullAt.bytes)
  expect(await store.submit(next)).toEqual({ action: 'full', what: 'bytes' })
})

test('a turn that is larger than the capacity of its task is not accepted', async ({
  store,
  redis,
}) => {
  await runToEnd(store)
  await redis.hset(head, 'bytes', fullAt.bytes - 50_000)
  const parts = [{ kind: 'text' as const, text: 'x'.repeat(50_000) }]
  const message = { messageId: 'm2', role: 'user' as const, parts }
  const large = { ...next, started: { ...next.started, message } }
  expect(await store.submit(large)).toEqual({ action: 'full', what: 'bytes' })
  expect(await store.submit(next)).toMatchObject({ action: 'accepted' })
})

async function firstFact(store: TaskStore) {
  const [{ v: _, pos: __, at: ___, ...fact } = { v: 0, pos: 0, at: 0 }] = await store.facts(taskId)
  return fact
}

async function runToEnd(store: TaskStore): Promise<void> {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  const end = { folded: 2, status: 'completed', result } as const
  await store.append({ ...attempt, ordinal: 1, facts: [completed], end })
}

/** Makes the log this long, with facts that change nothing. */
async function fill(redis: Redis, length: number): Promise<void> {
  const fact = JSON.stringify({ ...tool('c'), v: 1, pos: 3, at: 1 })
  const missing = length - (await redis.llen(log))
  await redis.rpush(log, ...Array.from({ length: missing }, () => fact))
}
