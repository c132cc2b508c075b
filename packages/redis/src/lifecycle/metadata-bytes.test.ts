import type { RequestMetadata, TaskStore } from '@longhaul/core'
import { expect } from 'vitest'
import { shardKeys } from '../connection/keys.ts'
import { createTaskStore } from './task-store.ts'
import { submission, test as base } from './turn.fixture.ts'

const { metadataBytes: noted } = shardKeys(0)
const [first, second, third] = ['1', '2', '3'].map((last) => `01K00000000${last.repeat(15)}`)

const test = base.extend('store', ({ redis, time }) =>
  createTaskStore(redis, { noteBytes: 5_000, clock: () => time.now }),
)

test('the metadata of a workspace has a limit in bytes, until tasks are deleted', async ({
  store,
  redis,
}) => {
  expect(await take(store, first, 2_000)).toBe('accepted')
  expect(await take(store, second, 2_000)).toBe('accepted')
  const refused = submission({ taskId: third!, ...withNotes(2_000) })
  expect(await store.submit(refused)).toEqual({ action: 'full', what: 'notes' })
  expect(await store.view(third!)).toBeUndefined()
  expect(await take(store, third, 2_000, { workspace: 'other' })).toBe('accepted')
  // A repetition of an accepted submission gets the same reply.
  expect(await take(store, second, 2_000)).toBe('replay')

  await end(store, first)
  expect(await store.purge(first!)).toBe('forgotten')
  expect(await redis.hget(noted, 'w')).toBe('2000')
  await end(store, second)
  await store.purge(second!)
  expect(await redis.hgetall(noted)).toEqual({ other: '2000' })
})

test('a further turn counts the difference to the metadata before', async ({ store, redis }) => {
  await take(store, first, 3_000)
  await end(store, first)
  const next = { requestId: 'r2', after: 1 }
  const larger = submission({ taskId: first!, ...next, ...withNotes(6_000) })
  expect(await store.submit(larger)).toEqual({ action: 'full', what: 'notes' })
  expect(await take(store, first, 4_000, next)).toBe('accepted')
  expect(await redis.hget(noted, 'w')).toBe('4000')
  await end(store, first)
  expect(await take(store, first, 100, { requestId: 'r3', after: 2 })).toBe('accepted')
  expect(await redis.hget(noted, 'w')).toBe('0')
})

test('small metadata is not counted, and never refused', async ({ store, redis }) => {
  await take(store, first, 5_000)
  expect(await take(store, second, 1_000)).toBe('accepted')
  expect(await redis.hget(noted, 'w')).toBe('5000')
})

async function take(
  store: TaskStore,
  taskId = '',
  bytes: number,
  part: Partial<Parameters<typeof submission>[0]> = {},
) {
  return (await store.submit(submission({ taskId, ...part, ...withNotes(bytes) }))).action
}

function withNotes(bytes: number) {
  const frame = JSON.stringify({ metadata: { note: '' } }).length
  const callerMetadata = {
    metadata: { note: 'x'.repeat(bytes - frame) },
  } as unknown as RequestMetadata
  return { started: { ...submission().started, notes: callerMetadata } }
}

async function end(store: TaskStore, taskId = '') {
  await store.cancel({ taskId }, { reason: 'over', graceMs: 0 })
  expect((await store.view(taskId))?.status).toBe('cancelled')
}
