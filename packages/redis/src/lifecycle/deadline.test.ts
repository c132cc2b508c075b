import type { NewFact } from '@longhaul/core'
import { describe, expect } from 'vitest'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { day, job, lock, submission, taskId, test, tool } from './turn.fixture.ts'

const attempt = { ...job, attempt: 'a1' }
const { deadlines, cancels } = shardKeys(0)

describe('the deadline of a turn', () => {
  test('ends it whether it waits or runs', async ({ store, maintenanceStore, time, redis }) => {
    await store.submit(submission())
    time.now += day - 1
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({ ended: 0 })
    time.now += 1
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({ ended: 1 })
    expect(await store.view(taskId)).toMatchObject({
      status: 'failed',
      result: { failure: { code: 'deadline', status: 504 }, model: 'x/y' },
    })

    await store.submit(submission({ requestId: 'r2', after: 1, deadlineMs: 5_000 }))
    await store.claim({ ...job, turn: 2 }, 'a1', lock)
    time.now += 5_000
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({ ended: 1 })
    expect(await store.view(taskId)).toMatchObject({ status: 'failed', turn: 2 })
    expect(await redis.xlen(cancels)).toBe(1)
    expect(await store.beat({ ...attempt, turn: 2 }, lock)).toMatchObject({ alive: false })
  })

  test('is removed at the end', async ({ store, redis }) => {
    await store.submit(submission())
    expect(await redis.zcard(deadlines)).toBe(1)
    await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })
    expect(await redis.zcard(deadlines)).toBe(0)
  })

  test('is brought forward by a cancel, and never postponed', async ({
    store,
    maintenanceStore,
    time,
  }) => {
    await store.submit(submission({ deadlineMs: 1_000 }))
    await store.claim(job, 'a1', lock)
    await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })
    time.now += 1_000
    expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({ ended: 1 })
    expect(await store.view(taskId)).toMatchObject({ status: 'cancelled' })
  })

  test('keeps recorded calls and usage', async ({ store, maintenanceStore, time }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await store.append({ ...attempt, ordinal: 1, facts: [step, tool('c1'), returned('x')] })
    time.now += day
    await maintenanceStore.serveDeadlines(0, 10)
    expect((await store.view(taskId))?.result).toMatchObject({
      model: 'x/answered',
      usage,
      calls: [{ callId: 'c1', result: 'x', ms: 3 }],
      failure: { code: 'deadline' },
    })
  })
})

test('a cancelled turn that had run keeps its usage, although it waits again', async ({
  store,
}) => {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  await store.append({ ...attempt, ordinal: 1, facts: [step, tool('c1')] })
  await store.release(attempt)
  expect(await store.cancel({ taskId }, { reason: 'why', graceMs: 2_000 })).toBe('ended')
  expect((await store.view(taskId))?.result).toMatchObject({ usage, calls: [{ callId: 'c1' }] })
})

test('a turn whose log cannot be read ends, too', async ({
  store,
  maintenanceStore,
  redis,
  time,
}) => {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  await store.append({ ...attempt, ordinal: 1, facts: [returned('x'.repeat(20_000))] })
  const [hash = ''] = (await redis.hget(taskKeys(taskId).head, 'blobs'))?.trim().split(' ') ?? []
  await redis.del(taskKeys(taskId).blob(hash))
  time.now += day
  expect(await maintenanceStore.serveDeadlines(0, 10)).toMatchObject({ ended: 1 })
  expect(await store.view(taskId)).toMatchObject({ status: 'failed', result: { calls: [] } })
})

test('a large result is stored beside the head', async ({ store, redis }) => {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  const calls = Array.from({ length: 500 }, (_, at) => tool(`call-${at}`))
  await store.append({ ...attempt, ordinal: 1, facts: calls })
  await store.cancel({ taskId }, { reason: 'why', graceMs: 0 })
  expect((await redis.hget(taskKeys(taskId).head, 'result'))?.length).toBeLessThan(1_000)
  expect((await store.view(taskId))?.result?.calls).toHaveLength(500)
})

test('a running turn without grace ends at once, and its worker is notified', async ({
  store,
  redis,
}) => {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  expect(await store.cancel({ taskId }, { reason: 'why', graceMs: 0 })).toBe('ended')
  expect(await store.view(taskId)).toMatchObject({ status: 'cancelled' })
  expect(await redis.xlen(cancels)).toBe(1)
  const facts = (await store.facts(taskId)).map(({ type }) => type)
  expect(facts.slice(-2)).toEqual(['cancel.requested', 'turn.failed'])
})

const usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5 }
const step: NewFact = {
  type: 'step.finished',
  step: 1,
  modelIndex: 0,
  model: 'x/answered',
  reason: 'tool_calls',
  calls: [{ callId: 'c1', name: 'n', arguments: '{}' }],
  usage,
  ms: 1,
}

function returned(value: string): NewFact {
  return { type: 'tool.returned', callId: 'c1', toolId: 't', result: value, ms: 3 }
}
