import type { Claimed, NewFact, NextReply, TaskStore } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { afterEach, describe, expect } from 'vitest'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { submission } from '../lifecycle/turn.fixture.ts'
import { useDefaultLimits } from '../lua/default-limits.ts'
import { test } from './scheduler.fixture.ts'

const keys = shardKeys(0)
const large = 'x'.repeat(5_000)

afterEach(() => useDefaultLimits({}, 1))

describe('the limits of the installation', () => {
  test('hold for a workspace without limits of its own, field by field', async ({
    queue,
    admin,
  }) => {
    useDefaultLimits({ running: 1, runningPerFairnessKey: 1 }, 1)
    for (let at = 0; at < 4; at += 1) await queue.submit()
    const first = await queue.start('a')
    expect(await queue.claim('b')).toEqual({ outcome: 'none' })
    expect(await queue.end(first, 'a')).toMatchObject({ outcome: 'claimed' })
    await admin.setLimits(0, 'w', { running: 3 })
    // All these turns are without a fairness key, which is one key.
    expect(await queue.claim('b')).toEqual({ outcome: 'none' })
    await admin.setLimits(0, 'w', { running: 3, runningPerFairnessKey: 2 })
    expect(await queue.claim('b')).toMatchObject({ outcome: 'claimed' })
    expect(await queue.claim('c')).toEqual({ outcome: 'none' })
  })

  test('pause every workspace, unless the workspace itself is not paused', async ({
    queue,
    admin,
  }) => {
    useDefaultLimits({ paused: true }, 1)
    await queue.submit()
    const own = await queue.submit({ workspace: 'own' })
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    await admin.setLimits(0, 'own', { paused: false })
    expect(await queue.start()).toMatchObject({ taskId: own })
    expect(await queue.claim('b')).toEqual({ outcome: 'none' })
  })

  test('take effect when they change, at the next check of the workspace', async ({
    queue,
    maintenance,
  }) => {
    useDefaultLimits({ running: 1 }, 1)
    await queue.submit()
    await queue.submit()
    await queue.start('a')
    useDefaultLimits({ running: 2 }, 1)
    await maintenance.checkWorkspaces(0, 100)
    expect(await queue.claim('b')).toMatchObject({ outcome: 'claimed' })
  })

  test('are divided among the shards over which a workspace is spread, as its own are', async ({
    queue,
    admin,
  }) => {
    for (let at = 0; at < 12; at += 1) await queue.submit()
    const started = async () => (await startAll(queue)).length
    useDefaultLimits({ running: 6 }, 4)
    await admin.setLimits(0, 'w', { spread: 4 })
    expect(await started()).toBe(2)
    await admin.setLimits(0, 'w', { spread: 4, running: 9 })
    expect(await started()).toBe(1)
    // The installation may have fewer shards than a workspace asks for.
    useDefaultLimits({ running: 6, spread: 9 }, 2)
    await admin.setLimits(0, 'w', { running: 9 })
    expect(await started()).toBe(2)
    useDefaultLimits({}, 1)
    await admin.setLimits(0, 'w', { running: 6 })
    expect(await started()).toBe(1)
    const fairnessKeys = { big: { running: 3 } }
    useDefaultLimits({}, 2)
    await admin.setLimits(0, 'w', { spread: 2, fairnessKeys })
    for (let at = 0; at < 3; at += 1) await queue.submit({ fairnessKey: 'big' })
    await startAll(queue)
    expect(await admin.useOf(0, 'w')).toMatchObject({ queued: 1 })
  })
})

describe('the limits of one fairness key', () => {
  test('hold in place of those of every key', async ({ queue, admin, redis }) => {
    const own = { big: { running: 2 }, none: {} }
    await admin.setLimits(0, 'w', { runningPerFairnessKey: 1, fairnessKeys: own })
    for (const fairnessKey of ['big', 'big', 'big', 'other', 'other', 'none', 'none'])
      await queue.submit({ fairnessKey })
    const started = await startAll(queue)
    expect(await keysOf(redis, started)).toEqual(['big', 'big', 'none', 'other'])
    await admin.setLimits(0, 'w', {
      runningPerFairnessKey: 1,
      fairnessKeys: { big: { running: 3 } },
    })
    const more = await startAll(queue)
    expect(await keysOf(redis, more)).toEqual(['big'])
    // Without its own limit, a key has that of every key.
    for (const claim of [...started, ...more]) await queue.end(claim)
    for (const fairnessKey of ['big', 'big', 'big']) await queue.submit({ fairnessKey })
    await admin.setLimits(0, 'w', { runningPerFairnessKey: 1 })
    const last = await startAll(queue)
    expect(await keysOf(redis, last)).toEqual(['big', 'none', 'other'])
  })

  test('give it a share by its weight, of the slots and of the time', async ({
    queue,
    admin,
    redis,
    time,
  }) => {
    await admin.setLimits(0, 'w', { fairnessKeys: { heavy: { weight: 3 } } })
    for (let at = 0; at < 60; at += 1) {
      await queue.submit({ fairnessKey: 'heavy' })
      await queue.submit({ fairnessKey: 'light' })
    }
    const slots = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
    const started = await Promise.all(slots.map(async (slot) => await queue.start(slot)))
    const count = async (claims: Claimed[]) =>
      (await keysOf(redis, claims)).filter((key) => key === 'heavy').length
    expect(await count(started)).toBe(6)
    for (const claim of started) await queue.end(claim)
    // On one slot, virtual time decides.
    const order: Claimed[] = []
    for (let at = 0; at < 40; at += 1) {
      const claim = await queue.start()
      order.push(claim)
      time.now += 1_000
      await queue.end(claim)
    }
    expect(await count(order)).toBe(30)
  })

  test('hold in a workspace with more keys than are compared together', async ({
    queue,
    admin,
    redis,
  }) => {
    await admin.setLimits(0, 'w', { runningPerFairnessKey: 1 })
    await queue.submit({ fairnessKey: 'big' })
    await queue.submit({ fairnessKey: 'big' })
    await queue.start('a')
    const idle = Array.from({ length: 5_000 }, (_, at) => [`k:idle${at}`, '0 0']).flat()
    await redis.hset(keys.workspaceState('w'), ...idle)
    expect(await queue.claim('b')).toEqual({ outcome: 'none' })
    const fairnessKeys = { big: { running: 2 } }
    await admin.setLimits(0, 'w', { runningPerFairnessKey: 1, fairnessKeys })
    expect(await queue.claim('b')).toMatchObject({ outcome: 'claimed' })
  })
})

describe('limits', () => {
  test('are read as they were set, with a revision that rises', async ({ admin }) => {
    expect(await admin.limitsOf(0, 'w')).toBeUndefined()
    const limits = {
      requestsPerSecond: 0.5,
      models: { 'openai/*': { tokensPerMinute: 5 } },
      fairnessKeys: { 'user-é': { weight: 2 } },
      paused: false,
      spread: 3,
    }
    await admin.setLimits(0, 'w', limits)
    expect(await admin.limitsOf(0, 'w')).toEqual({ overrides: limits, revision: 1 })
    await admin.setLimits(0, 'w', {})
    expect(await admin.limitsOf(0, 'w')).toEqual({ overrides: {}, revision: 2 })
  })

  test('replace only an older revision', async ({ admin }) => {
    const set = (running: number, revision: number) =>
      admin.setLimits(0, 'w', { running }, revision)
    expect(await set(1, 1)).toBe(true)
    expect(await set(2, 1)).toBe(false)
    expect(await set(4, 5)).toBe(true)
    expect(await set(5, 3)).toBe(false)
    expect(await admin.limitsOf(0, 'w')).toEqual({ overrides: { running: 4 }, revision: 5 })
  })

  test('that a newer version has stored are read without what is unknown', async ({
    admin,
    redis,
  }) => {
    const limits = JSON.stringify({ running: 4, colour: 'red' })
    await redis.hset(keys.workspaceState('w'), 'limits', limits, 'revision', 7)
    expect(await admin.limitsOf(0, 'w')).toEqual({ overrides: { running: 4 }, revision: 7 })
  })
})

describe('what a workspace uses', () => {
  test('is exact in every state of a turn, and nothing is left after the purge', async ({
    queue,
    admin,
    store,
    time,
    maintenance,
  }) => {
    const use = () => admin.useOf(0, 'w')
    const nothing = { queued: 0, running: 0, parked: 0, tasks: 0, bytes: 0, oldestMs: undefined }
    expect(await use()).toEqual(nothing)
    const taskId = await queue.submit()
    time.now += 2_000
    await queue.submit({ fairnessKey: 'other' })
    expect(await use()).toEqual({ ...nothing, queued: 2, tasks: 2, oldestMs: 2_000 })
    const claim = await queue.start()
    expect(await use()).toMatchObject({ queued: 1, running: 1, parked: 0, oldestMs: 0 })
    await park(store, claim, time.now + 5_000)
    const bytes = await bytesOf(store, taskId)
    expect(await use()).toMatchObject({ queued: 1, running: 0, parked: 1, bytes })
    time.now += 5_000
    await maintenance.serveDeadlines(0, 10)
    expect(await use()).toMatchObject({ queued: 2, running: 0, parked: 0, bytes })
    const ended = await queue.start()
    await queue.end(ended)
    const waiting = await queue.start()
    await park(store, waiting, time.now + 5_000)
    expect(await use()).toMatchObject({ queued: 0, running: 0, parked: 1, tasks: 2 })
    await store.cancel({ taskId: waiting.taskId }, { reason: 'why', graceMs: 0 })
    const all = (await bytesOf(store, ended.taskId)) + (await bytesOf(store, waiting.taskId))
    expect(await use()).toMatchObject({ ...nothing, tasks: 2, bytes: all })
    expect(await maintenance.checkWorkspaces(0, 100)).toBe(0)
    await store.purge(ended.taskId)
    expect(await use()).toMatchObject({ tasks: 1, bytes: await bytesOf(store, waiting.taskId) })
    await store.purge(waiting.taskId)
    expect(await use()).toEqual(nothing)
  })

  test('contains a large turn at once, also the next turn of a task', async ({
    queue,
    admin,
    store,
  }) => {
    const parts = [{ kind: 'text' as const, text: large }]
    const message = { messageId: 'm', role: 'user' as const, parts }
    const started = { ...submission().started, message }
    const taskId = await queue.submit({ started })
    const { bytes } = await admin.useOf(0, 'w')
    expect(bytes).toBe(await bytesOf(store, taskId))
    expect(bytes).toBeGreaterThan(5_000)
    await queue.end(await queue.start())
    await store.submit(submission({ taskId, requestId: 'r2', after: 1, started }))
    expect((await admin.useOf(0, 'w')).bytes).toBe(await bytesOf(store, taskId))
  })

  test('is counted again when it is wrong, part by part, while it changes', async ({
    queue,
    admin,
    store,
    redis,
    time,
    maintenance,
  }) => {
    const tasks: string[] = []
    for (let at = 0; at < 250; at += 1) tasks.push(await queue.submit())
    const claims = []
    for (let at = 0; at < 250; at += 1) claims.push(await queue.start(`s${at}`))
    for (const claim of claims.slice(0, 120)) await queue.end(claim)
    const parked = claims.slice(120, 230)
    for (const claim of parked) await park(store, claim, time.now + 1_000_000)
    const state = keys.workspaceState('w')
    await redis.hset(state, 'bytes', 7, 'parked', 3)
    // Two parts of the recount, and changes before and after the place that it has reached.
    const check = () => maintenance.checkWorkspaces(0, 100)
    expect(await check()).toBe(0)
    await store.purge(tasks[5]!)
    await store.cancel({ taskId: tasks[125]! }, { reason: 'why', graceMs: 0 })
    expect(await check()).toBe(0)
    await queue.end(claims[240]!)
    await store.cancel({ taskId: tasks[150]! }, { reason: 'why', graceMs: 0 })
    await store.purge(tasks[6]!)
    expect(await check()).toBe(1)
    const kept = tasks.filter((_, at) => at !== 5 && at !== 6)
    const counted = await Promise.all(
      kept.map(async (id) => Number(await redis.hget(taskKeys(id).head, 'bytes-counted'))),
    )
    const bytes = counted.reduce((sum, own) => sum + own, 0)
    expect(await admin.useOf(0, 'w')).toMatchObject({ parked: 108, bytes, tasks: 248 })
    for (const _ of [1, 2, 3, 4]) expect(await check()).toBe(0)
  })

  test('contains tasks that an earlier version has kept without a count', async ({
    queue,
    admin,
    store,
    redis,
    maintenance,
  }) => {
    const taskId = await queue.submit()
    await queue.end(await queue.start())
    await redis.hdel(taskKeys(taskId).head, 'bytes-counted')
    await redis.hdel(keys.workspaceState('w'), 'bytes')
    expect(await maintenance.checkWorkspaces(0, 100)).toBe(0)
    expect((await admin.useOf(0, 'w')).bytes).toBe(await bytesOf(store, taskId))
    await store.purge(taskId)
    expect((await admin.useOf(0, 'w')).bytes).toBe(0)
  })
})

type Queue = { claim: (slot?: string) => Promise<NextReply> }

/** Starts turns in new slots until none can start. */
async function startAll(queue: Queue): Promise<Claimed[]> {
  const claims: Claimed[] = []
  for (;;) {
    slots += 1
    const reply = await queue.claim(`slot${slots}`)
    if (reply.outcome !== 'claimed') return claims
    claims.push(reply)
  }
}
let slots = 0

/** The fairness keys of claimed turns, sorted. */
async function keysOf(redis: Redis, claims: Claimed[]): Promise<string[]> {
  const keysOfClaims = claims.map(
    async ({ taskId }) => (await redis.hget(taskKeys(taskId).head, 'fairness-key')) ?? '',
  )
  return (await Promise.all(keysOfClaims)).toSorted()
}

async function park(
  store: TaskStore,
  { taskId, turn, attempt, length }: Claimed,
  until: number,
): Promise<void> {
  const fact: NewFact = { type: 'turn.parked', until }
  const write = { taskId, turn, attempt, ordinal: 1, facts: [fact] }
  const { outcome } = await store.append({ ...write, park: { folded: length, until } })
  if (outcome !== 'ok') throw new Error(`the park was refused: ${outcome}`)
}

async function bytesOf(store: TaskStore, taskId: string): Promise<number> {
  return (await store.view(taskId))?.bytes ?? 0
}
