import { limits, type NewFact, type TaskStore } from '@longhaul/core'
import { createMaintenance } from '../maintenance/maintenance.ts'
import { volume } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { taskKeys } from '../connection/keys.ts'
import { test } from './metered.fixture.ts'
import { completed, day, job, lock, result, submission, taskId } from '../lifecycle/turn.fixture.ts'

const KB = 1024
const attempt = { ...job, attempt: 'a1' }
const { log } = taskKeys(taskId)

/**
 * The number of results of 15 KB in the log, in addition to one of 300 KB: the largest log that a task may have, or a
 * part of it.
 */
const results = volume({ short: 500, long: 3_500 })

/** The bytes that a command may transfer in addition to its value. */
const otherClients = 20 * KB

describe('a large log', () => {
  test('is read in pages, only the first of which uses the default connection', async ({
    store,
    measuredStore,
    usual,
    large,
  }) => {
    await record(store)
    const facts = await measuredStore.facts(taskId)
    expect(facts).toHaveLength(results + 3)
    expect(facts.map(({ pos }) => pos)).toEqual(facts.map((_, at) => at + 1))
    expect(usual.measured().most).toBeLessThan(limits.large + otherClients)
    expect(large.measured().most).toBeLessThan(limits.transferPage + otherClients)
    expect(large.measured().all).toBeGreaterThan(results * 15 * KB - limits.large - otherClients)
  })

  test('is read in part when a part is requested', async ({ store, measuredStore, large }) => {
    await record(store)
    const all = await store.facts(taskId)
    expect(await measuredStore.readableFacts(taskId, 3, 102)).toEqual(all.slice(3, 103))
    expect(await measuredStore.facts(taskId, results - 60)).toEqual(all.slice(results - 60))
    expect(await measuredStore.facts(taskId, -1)).toEqual(all.slice(-1))
    expect(await measuredStore.facts(taskId, results + 3)).toEqual([])
    expect(large.measured().all).toBeLessThan(200 * 15 * KB)
  })

  test('is not returned by a claim, nor searched by it', async ({
    store,
    measuredStore,
    usual,
    redis,
    time,
  }) => {
    await record(store)
    const maintenanceStore = createMaintenance(redis, { clock: () => time.now })
    time.now += lock
    await maintenanceStore.expireLeases(0, 10)
    expect(await measuredStore.claim(job, 'a2', lock)).toMatchObject({
      outcome: 'claimed',
      unread: true,
      facts: [],
      length: results + 4,
    })
    expect(usual.measured().all).toBeLessThan(KB)
    await redis.lset(log, -1, ((await redis.lindex(log, -1)) ?? '').replace('"v":1', '"v":9'))
    time.now += lock
    await maintenanceStore.expireLeases(0, 10)
    expect(await measuredStore.claim(job, 'a3', lock)).toEqual({ outcome: 'gone' })
  })

  test('is followed in pages', async ({ store, measuredStore, usual, large }) => {
    await record(store)
    let fact = 0
    for (let page = await measuredStore.read(taskId, { fact, pos: 0 }); ;) {
      fact += page?.entries.length ?? 0
      if (page === undefined || page.entries.length === 0) break
      page = await measuredStore.read(taskId, { fact, pos: page.pos })
    }
    expect(fact).toBe(results + 3)
    expect(usual.measured().most).toBeLessThan(limits.large + otherClients)
    expect(large.measured().most).toBeLessThan(limits.transferPage + otherClients)
  })

  test('is folded in pages when its turn ends from outside', async ({
    store,
    measuredStore,
    usual,
    large,
    time,
  }) => {
    await record(store)
    const decision = { folded: results + 3, until: time.now + day }
    const parked: NewFact = { type: 'turn.parked', until: time.now + day }
    await store.append({ ...attempt, ordinal: 1_000, facts: [parked], park: decision })
    expect(await measuredStore.cancel({ taskId }, { reason: 'why', graceMs: 0 })).toBe('ended')
    expect(await store.view(taskId)).toMatchObject({ status: 'cancelled', result: { calls: [] } })
    expect(usual.measured().most).toBeLessThan(limits.large + otherClients)
    expect(large.measured().most).toBeLessThan(limits.transferPage + otherClients)
  })
})

test('a small log is returned by the claim, in one command', async ({
  store,
  measuredStore,
  usual,
  large,
}) => {
  await store.submit(submission())
  const claim = await measuredStore.claim(job, 'a1', lock)
  expect(claim).toMatchObject({ outcome: 'claimed', facts: { length: 2 } })
  expect(claim).not.toHaveProperty('unread')
  expect(await measuredStore.facts(taskId)).toHaveLength(2)
  // The first claim sends its source, and the first use of a connection reads the run of Redis.
  const once = new Set(['eval', 'info'])
  expect(usual.commands.map(({ name }) => name).filter((name) => !once.has(name))).toEqual([
    'evalsha',
    'evalsha',
  ])
  expect(large.commands).toEqual([])
})

test('large values use the bulk connection, small ones the default connection', async ({
  measuredStore,
  usual,
  large,
}) => {
  const text = 'x'.repeat(2 * limits.large)
  const message = {
    messageId: 'm',
    role: 'user' as const,
    parts: [{ kind: 'text' as const, text }],
  }
  await measuredStore.submit(submission({ started: { ...submission().started, message } }))
  await measuredStore.claim(job, 'a1', lock)
  const end = { folded: 2, status: 'completed', result: { ...result, text } } as const
  await measuredStore.append({ ...attempt, ordinal: 1, facts: [completed], end })
  expect(await measuredStore.view(taskId)).toMatchObject({ result: { text } })
  expect(usual.measured().most).toBeLessThan(otherClients)
  expect(large.measured().all).toBeGreaterThan(2 * limits.large)
})

/** Submits a task, and lets an attempt record its results. */
async function record(store: TaskStore): Promise<void> {
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  const whole = { type: 'tool.returned', callId: 'c', toolId: 't', ms: 1 } as const
  const small: NewFact = { ...whole, result: 'x'.repeat(15 * KB) }
  await store.append({
    ...attempt,
    ordinal: 1,
    facts: [{ ...whole, result: 'y'.repeat(300 * KB) }],
  })
  for (let done = 0, ordinal = 2; done < results; done += 100, ordinal += 1) {
    const facts = Array.from({ length: Math.min(100, results - done) }, () => small)
    await store.append({ ...attempt, ordinal, facts })
  }
}
