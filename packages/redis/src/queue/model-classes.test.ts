import {
  bucketsOf,
  type Claimed,
  jobId,
  modelClassOf,
  type ModelRates,
  type ModelWait,
  type Submission,
} from '@longhaul/core'
import { volume } from '@longhaul/testbed'
import * as fc from 'fast-check'
import type { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import { createAdminStore } from '../admin/admin-store.ts'
import { operatorRates as operatorRatesKey, shardKeys, taskKeys } from '../connection/keys.ts'
import { queuedTurns } from '../lifecycle/queued.fixture.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { submission } from '../lifecycle/turn.fixture.ts'
import { createMaintenance } from '../maintenance/maintenance.ts'
import { createModelBuckets } from '../rates/model-buckets.ts'
import { endOf, idOf, lockMs, nextAttempt, test as base } from './scheduler.fixture.ts'

const operatorRates: ModelRates = {
  'busy/*': { requestsPerMinute: 60 },
  'slow/*': { requestsPerMinute: 60 },
}
const keys = shardKeys(0)
const sharedRates = operatorRatesKey()

/** The store of a process that knows the operator's rates. */
const test = base
  .extend('store', ({ redis, time, tickets }) =>
    createTaskStore(redis, { tickets, worker: 'w', clock: () => time.now, operatorRates }),
  )
  .extend('classes', ({ store, time }) => ({
    /** Closes the class of the model of a claimed turn, which gives the turn back. */
    async close({ taskId, turn, attempt }: Claimed, ms: number, model = 'busy/one') {
      const wait = waitUntil(time.now + ms)
      return await store.closeClass({ taskId, turn, attempt }, classOf(model), wait)
    },
  }))

/** The times up to which calls are booked. */
const bookedIn = (rates: Record<string, string>) => Object.values(rates).map(Number.parseFloat)

const waitUntil = (until: number): ModelWait => ({
  kind: 'model_requests',
  until,
  bucket: 'busy/*',
  of: 'operator',
})
const classOf = (model: string) =>
  modelClassOf(model, 'w', { operator: operatorRates, workspace: {} }) ?? ''
const withModel = (model: string): Partial<Submission> => ({
  started: { ...submission().started, model },
})
const busy = withModel('busy/one')

describe('a closed class of models', () => {
  test('costs one claim, however many turns of it wait, until it opens', async ({
    queue,
    classes,
    time,
    redis,
    maintenance,
    tickets,
  }) => {
    for (let at = 0; at < 300; at += 1) await queue.submit(busy)
    const first = await queue.start()
    expect(await classes.close(first, 30_000)).toEqual({ released: true })
    while (await tickets.take());
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    expect(await redis.zrange(keys.ring, '0', '-1')).toEqual(['!closed'])
    expect(await tickets.waiting()).toBe(0)
    expect(await maintenance.findWork(0)).toMatchObject({ isStartable: false, returnsInMs: 30_000 })
    time.now += 29_999
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    time.now += 1
    expect(await maintenance.findWork(0)).toMatchObject({ isStartable: true, returnsInMs: 0 })
    // The turn that found the rate used up keeps its place, and no claim has left a fact but its own.
    const again = await queue.start()
    expect(again.taskId).toBe(first.taskId)
    expect(again.facts.map(({ type }) => type)).toEqual([
      'turn.started',
      'attempt.started',
      'attempt.started',
    ])
    expect(await redis.zcard(keys.ring)).toBe(1)
    await queue.end(again)
    await queue.end(await queue.start())
  })

  test('does not delay turns of other models in the same lane, nor their order', async ({
    queue,
    classes,
    time,
  }) => {
    const first = await queue.submit(busy)
    time.now += 1
    const plain = await queue.submit()
    time.now += 1
    const other = await queue.submit(withModel('slow/one'))
    time.now += 1
    const last = await queue.submit(busy)
    expect(await classes.close(await queue.start(), 5_000)).toEqual({ released: true })
    expect((await queue.start('a')).taskId).toBe(plain)
    expect((await queue.start('b')).taskId).toBe(other)
    expect(await queue.claim('c')).toEqual({ outcome: 'none' })
    time.now += 5_000
    expect((await queue.start('c')).taskId).toBe(first)
    expect((await queue.start('d')).taskId).toBe(last)
  })

  test('does not delay a turn of another model that is submitted within limits', async ({
    queue,
    classes,
  }) => {
    await queue.submit(busy)
    await classes.close(await queue.start(), 5_000)
    const plain = await queue.submit({ limits: { queued: 10 } })
    expect((await queue.start()).taskId).toBe(plain)
  })

  test('is told as the reason why turns of fairness keys wait, which have no others', async ({
    queue,
    classes,
    admin,
    time,
  }) => {
    for (const fairnessKey of ['a', 'b']) {
      for (let at = 0; at < 3; at += 1) await queue.submit({ ...busy, fairnessKey })
    }
    await queue.submit(busy)
    await classes.close(await queue.start(), 10_000)
    const demand = () => admin.demand(0, { silentMs: lockMs })
    const all = { model_requests: 7, fairness_key_running: 0 }
    expect(await demand()).toMatchObject({ startable: 0, blocked: all })
    // A claim takes the lanes out of the rings.
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    expect(await demand()).toMatchObject({ startable: 0, blocked: all })
    await queue.submit({ fairnessKey: 'a' })
    expect(await demand()).toMatchObject({ startable: 1, blocked: all })
    time.now += 10_000
    await queue.end(await queue.start())
    expect(await demand()).toMatchObject({ blocked: { model_requests: 0 } })
  })

  test('holds up a turn whose start is moved to now, too', async ({
    queue,
    classes,
    store,
    time,
  }) => {
    const later = await queue.submit({ ...busy, startInMs: 60_000 })
    await queue.submit(busy)
    await classes.close(await queue.start(), 5_000)
    expect(await store.moveStart({ taskId: later, turn: 1 }, { startInMs: 0 })).toBe('moved')
    expect(await queue.claim('a')).toEqual({ outcome: 'none' })
    time.now += 5_000
    const started = [await queue.start('a'), await queue.start('b')]
    expect(started.map(({ taskId }) => taskId)).toContain(later)
  })

  test('opens again for the turns without a key of a workspace that gets its first key meanwhile', async ({
    queue,
    classes,
    maintenance,
    time,
  }) => {
    for (const workspace of ['a', 'b']) await queue.submit({ ...busy, workspace })
    const first = await queue.start()
    await classes.close(first, 5_000)
    const workspace = first.workspace === 'a' ? 'b' : 'a'
    const keyed = await queue.submit({ workspace, fairnessKey: 'k' })
    expect(await maintenance.checkWorkspaces(0, 10)).toBe(0)
    expect((await queue.start('1')).taskId).toBe(keyed)
    time.now += 5_000
    const started = [await queue.start('2'), await queue.start('3')]
    expect(started.map((claim) => claim.workspace).toSorted()).toEqual(['a', 'b'])
  })

  test('of the operator is closed for all workspaces and keys', async ({
    queue,
    classes,
    redis,
    time,
  }) => {
    const lanes = 40
    for (let at = 0; at < lanes; at += 1)
      await queue.submit({ ...busy, workspace: `w${at % 2}`, fairnessKey: `k${at}` })
    await classes.close(await queue.start(), 10_000)
    let claims = 0
    for (; (await redis.zcard(keys.ring)) > 1; claims += 1)
      expect(await queue.claim()).toEqual({ outcome: 'none' })
    // Each claim examines eight lanes.
    expect(claims).toBeLessThanOrEqual(lanes / 8 + 3)
    expect(await redis.zcard(keys.closed)).toBe(lanes)
    time.now += 10_000
    const started = new Set<string>()
    for (let at = 0; at < lanes; at += 1) started.add((await queue.start(`s${at}`)).taskId)
    expect(started.size).toBe(lanes)
    expect(await redis.zcard(keys.closed)).toBe(0)
    expect(await redis.hkeys(keys.scheduler)).not.toContainEqual(expect.stringMatching(/^closed:/))
  })

  test('of a workspace with rates of its own leaves others alone', async ({
    queue,
    store,
    admin,
  }) => {
    const models = { 'plain/*': { requestsPerMinute: 1 } }
    await admin.setLimits(0, 'w', { models })
    const turn = withModel('plain/one')
    // The rates of a workspace are read in the background.
    await queue.submit(turn)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await queue.submit(turn)
    const first = await queue.start('a')
    expect(first.workspaceRates).toEqual(models)
    const other = await queue.submit({ ...turn, workspace: 'other' })
    const modelClass = modelClassOf('plain/one', 'w', { operator: {}, workspace: models }) ?? ''
    const wait = { ...waitUntil(2_000_000), of: 'workspace' as const }
    await store.closeClass(first, modelClass, wait)
    expect((await queue.start('b')).taskId).toBe(other)
    expect(await queue.claim('c')).toEqual({ outcome: 'none' })
  })

  test('does not stop a parked turn that has reserved its call', async ({
    queue,
    classes,
    store,
    time,
    maintenance,
    redis,
  }) => {
    const parked = await queue.submit(busy)
    await queue.submit(busy)
    const { taskId, turn, attempt, length } = await queue.start('a')
    const reserved = { model: 'busy/one', tokens: 7 }
    const park = { folded: length, until: time.now + 1_000 }
    const wait = { ...waitUntil(park.until), reserved }
    await store.append({
      taskId,
      turn,
      attempt,
      ordinal: 1,
      facts: [{ type: 'turn.parked', until: park.until, for: 'model_requests' }],
      park: { ...park, wait },
    })
    expect(await redis.hget(taskKeys(parked).head, 'wait')).toBe(JSON.stringify(wait))
    await classes.close(await queue.start('b'), 60_000)
    time.now += 1_000
    await maintenance.serveDeadlines(0, 10)
    expect(await queue.start('c')).toMatchObject({ taskId: parked, reserved })
    expect(await redis.hexists(taskKeys(parked).head, 'wait')).toBe(0)
  })

  test('that closes while a lane is at its limit is awaited when a slot is freed', async ({
    queue,
    classes,
    admin,
    time,
    maintenance,
  }) => {
    await admin.setLimits(0, 'w', { runningPerFairnessKey: 1 })
    for (const fairnessKey of ['k1', 'k1', 'k2']) await queue.submit({ ...busy, fairnessKey })
    const running = [await queue.start('a'), await queue.start('b')]
    const [own, other] = running[0]?.taskId === idOf(1) ? running : running.toReversed()
    await classes.close(other!, 5_000)
    await queue.end(own!)
    expect(await queue.claim()).toEqual({ outcome: 'none' })
    expect(await maintenance.checkWorkspaces(0, 10)).toBe(0)
    time.now += 5_000
    await queue.start('a')
    await queue.start('b')
  })

  test('gets back what a parked turn has reserved when that is cancelled', async ({
    queue,
    store,
    time,
    redis,
  }) => {
    const buckets = createModelBuckets(redis, { clock: () => time.now })
    const tables = { operator: operatorRates, workspace: {} }
    const call = { workspace: 'w', buckets: bucketsOf('busy/one', tables), tokens: 7 }
    const reserve = async () => await buckets.reserve(call, { isReserved: false })
    const found = async () => await redis.hgetall(sharedRates)
    let before = await found()
    let reply = await reserve()
    while (reply.outcome === 'ready') {
      before = await found()
      reply = await reserve()
    }
    expect(await found()).not.toEqual(before)
    await queue.submit(busy)
    const { taskId, turn, attempt, length } = await queue.start()
    const until = time.now + 20_000
    const wait = { ...waitUntil(until), reserved: { model: 'busy/one', tokens: 7 } }
    await store.append({
      taskId,
      turn,
      attempt,
      ordinal: 1,
      facts: [{ type: 'turn.parked', until }],
      park: { folded: length, until, wait },
    })
    await store.cancel({ taskId }, { reason: 'why', graceMs: 0 })
    await expect.poll(async () => bookedIn(await found())).toEqual(bookedIn(before))
  })

  test('whose worker has lost the turn closes nothing', async ({ queue, classes, redis }) => {
    await queue.submit(busy)
    const claim = await queue.start()
    expect(await classes.close({ ...claim, attempt: 'another' }, 1_000)).toEqual({
      released: false,
    })
    expect(await redis.zcard(keys.closed)).toBe(0)
  })
})

type Step =
  | { do: 'submit'; workspace: string; key: string; model: string }
  | { do: 'claim' | 'end' | 'close' | 'park' | 'release'; slot: string; ms: number }
  | { do: 'cancel'; task: number }
  | { do: 'limits'; workspace: string; running: number | undefined; perKey: number | undefined }
  | { do: 'wait'; ms: number }

const workspace = fc.constantFrom('w', 'v')
const models = ['plain/one', 'busy/one', 'slow/one'] as const
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('submit'),
      workspace,
      key: fc.constantFrom('', 'k1', 'k2'),
      model: fc.constantFrom(...models),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('claim', 'claim', 'claim', 'end', 'close', 'close', 'park', 'release'),
      slot: fc.constantFrom('a', 'b', 'c'),
      ms: fc.constantFrom(0, 500, 3_000),
    }),
  },
  fc.record({ do: fc.constant('cancel'), task: fc.nat(10) }),
  fc.record({
    do: fc.constant('limits'),
    workspace,
    running: fc.constantFrom(undefined, undefined, 1),
    perKey: fc.constantFrom(undefined, undefined, 1),
  }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.nat(2_000) }) },
)

const numRuns = volume({ short: 60, long: 2_000 })

test(
  'whatever closes and opens, a turn that may start is found, and one of a closed class is not',
  async ({ redis }) => {
    const steps = fc.array(anyStep, { minLength: 1, maxLength: 60, size: 'max' })
    await fc.assert(
      fc.asyncProperty(steps, (all) => play(redis, all)),
      { numRuns },
    )
  },
  60_000 + numRuns * 3_000,
)

type Turn = {
  taskId: string
  workspace: string
  key: string
  model: string
  isIn: 'class' | 'lane'
}

async function play(redis: Redis, steps: Step[]): Promise<void> {
  await redis.flushdb()
  const time = { now: 1_000_000 }
  const clock = () => time.now
  const store = createTaskStore(redis, { worker: 'w', clock, operatorRates })
  const maintenance = createMaintenance(redis, { worker: 'w', clock })
  const admin = createAdminStore(redis, { clock })
  const queued = new Map<string, Turn & { notBefore?: number }>()
  const running = new Map<string, { claim: Claimed; turn: Turn }>()
  const parked = new Map<string, Turn>()
  const closed = new Map<string, number>()
  const limitsOf = new Map<string, { running?: number | undefined; perKey?: number | undefined }>()
  let made = 0

  const countRunning = (of: { workspace: string; key?: string }) =>
    [...running.values()].filter(
      ({ turn }) =>
        turn.workspace === of.workspace && (of.key === undefined || turn.key === of.key),
    ).length

  function mayRun(turn: Turn & { notBefore?: number }): boolean {
    const { running: most = Infinity, perKey = Infinity } = limitsOf.get(turn.workspace) ?? {}
    if (countRunning({ workspace: turn.workspace }) >= most) return false
    if (countRunning(turn) >= perKey) return false
    if ((turn.notBefore ?? 0) > time.now) return false
    return turn.isIn === 'lane' || (closed.get(turn.model) ?? 0) <= time.now
  }

  async function claim(slot: string): Promise<void> {
    if (running.has(slot)) return
    const candidates = [...queued.values()].filter(mayRun).map(({ taskId }) => taskId)
    // A claim that has examined many lanes asks for a ticket, and the next one continues.
    for (let tries = 0; tries < 5; tries += 1) {
      const reply = await store.claimNext({ shard: 0, slot, attempt: nextAttempt(), lockMs })
      if (reply.outcome === 'none') continue
      if (reply.outcome !== 'claimed') throw new Error(`the claim was ${reply.outcome}`)
      const turn = queued.get(reply.taskId)
      if (turn === undefined || !candidates.includes(reply.taskId))
        throw new Error(`${reply.taskId} must not start`)
      queued.delete(turn.taskId)
      running.set(slot, { claim: reply, turn })
      return
    }
    if (candidates.length > 0) throw new Error(`${candidates.join(' ')} was not found`)
  }

  async function leave(step: Extract<Step, { slot: string }>): Promise<void> {
    const held = running.get(step.slot)
    if (held === undefined) return
    const { claim: claimed, turn } = held
    const { taskId, attempt, length } = claimed
    const ref = { taskId, turn: claimed.turn, attempt }
    running.delete(step.slot)
    if (step.do === 'end') {
      await store.append(endOf(claimed))
    } else if (step.do === 'release') {
      await store.release(ref, undefined, step.ms)
      queued.set(taskId, { ...turn, isIn: 'lane', notBefore: time.now + step.ms })
    } else if (step.do === 'park') {
      const until = time.now + step.ms
      const facts = [{ type: 'turn.parked' as const, until }]
      await store.append({ ...ref, ordinal: 1, facts, park: { folded: length, until } })
      parked.set(taskId, turn)
    } else {
      const until = Math.max(closed.get(turn.model) ?? 0, time.now + step.ms)
      const modelClass = classOf(turn.model)
      if (modelClass === '') {
        await store.append(endOf(claimed))
        return
      }
      await store.closeClass(ref, modelClass, waitUntil(time.now + step.ms))
      closed.set(turn.model, until)
      queued.set(taskId, { ...turn, isIn: 'class' })
    }
  }

  async function perform(step: Step): Promise<void> {
    switch (step.do) {
      case 'submit': {
        made += 1
        const taskId = idOf(made)
        const { workspace: name, key, model } = step
        const fairnessKey = key === '' ? undefined : key
        const turn = { ...withModel(model), taskId, requestId: taskId }
        await store.submit(submission({ ...turn, workspace: name, fairnessKey }))
        queued.set(taskId, { taskId, workspace: name, key, model, isIn: 'class' })
        return
      }
      case 'claim':
        return await claim(step.slot)
      case 'cancel': {
        const taskId = idOf(1 + (step.task % Math.max(1, made)))
        if (made === 0) return
        await store.cancel({ taskId }, { reason: 'why', graceMs: 0 })
        queued.delete(taskId)
        parked.delete(taskId)
        for (const [slot, { turn }] of running) if (turn.taskId === taskId) running.delete(slot)
        return
      }
      case 'limits': {
        const { running: most, perKey } = step
        await admin.setLimits(0, step.workspace, { running: most, runningPerFairnessKey: perKey })
        limitsOf.set(step.workspace, { running: most, perKey })
        return
      }
      case 'wait':
        time.now += step.ms
        await maintenance.serveDeadlines(0, 100)
        for (const [taskId, turn] of parked) {
          if ((await store.view(taskId))?.status !== 'queued') continue
          parked.delete(taskId)
          queued.set(taskId, { ...turn, isIn: 'lane' })
        }
        return
      case 'end':
      case 'close':
      case 'park':
      case 'release':
        return await leave(step)
    }
  }

  async function check(): Promise<void> {
    expect(new Set(await queuedTurns(redis))).toEqual(
      new Set([...queued.keys()].map((id) => jobId(id, 1))),
    )
    expect(await maintenance.checkWorkspaces(0, 100)).toBe(0)
  }

  async function examine(): Promise<void> {
    const { findings } = await admin.scan(undefined, {
      repair: false,
      limit: 1_000,
      turnDeadlineMs: 1,
    })
    expect(findings).toEqual([])
  }

  for (const [at, step] of steps.entries()) {
    try {
      await perform(step)
      await check()
    } catch (error) {
      throw new Error(`step ${at} (${JSON.stringify(step)})`, { cause: error })
    }
  }
  await redis.lpush(keys.tickets, 't')
  await examine()
  // In the end everything opens, and every turn starts.
  for (const name of ['w', 'v'])
    await perform({ do: 'limits', workspace: name, running: undefined, perKey: undefined })
  await perform({ do: 'wait', ms: 10_000 })
  for (let at = 0; queued.size > 0 && at < 1_000; at += 1) {
    for (const slot of running.keys()) await leave({ do: 'end', slot, ms: 0 })
    await claim('z')
  }
  expect(queued.size).toBe(0)
}
