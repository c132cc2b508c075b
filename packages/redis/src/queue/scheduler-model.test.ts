import {
  type Claimed,
  limits,
  type NextReply,
  priorityDelay,
  type Priority,
  type WorkspaceLimits,
} from '@longhaul/core'
import { startRedis, volume } from '@longhaul/testbed'
import * as fc from 'fast-check'
import { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import { createAdminStore } from '../admin/admin-store.ts'
import { shardKeys } from '../connection/keys.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { day, submission } from '../lifecycle/turn.fixture.ts'
import { createMaintenance } from '../maintenance/maintenance.ts'
import { keyHash } from './key-hash.ts'
import { createSchedulerModel, type ModelTurn } from './scheduler-model.fixture.ts'
import { endOf, idOf, lockMs, nextAttempt, test as base } from './scheduler.fixture.ts'
import { snapshot } from './snapshot.fixture.ts'

/** The number of steps of all histories. `SCHEDULER_TEST_STEPS` sets another one. */
const allSteps = Number(
  process.env['SCHEDULER_TEST_STEPS'] ?? volume({ short: 6_000, long: 2_000_000 }),
)
/** Histories that are played side by side, each in a database of its own. */
const sideBySide = 8
/** The steps of a history, and about how many there are on average. */
const stepsOfRun = { minLength: 20, maxLength: 200, average: 78 }
/** A difference in the state stays, so the state is not compared after each step. */
const checkEvery = 3
const runsEach = Math.ceil(allSteps / stepsOfRun.average / sideBySide)

const names = ['w1', 'w2', 'w3'] as const
const fairnessKeys = ['', 'k1', 'k2'] as const
const hashes = fairnessKeys.map(keyHash)
const slots = ['a:0', 'a:1', 'b:0', 'b:1', 'b:2', 'c:0'] as const

/** How many workspaces, keys and slots a history uses: few make them meet at their limits. */
type Size = { workspaces: number; keys: number; slots: number }

type Step =
  | { do: 'submit'; workspace: number; key: number; priority: Priority; deadline: number }
  | { do: 'take'; slot: number; again: boolean }
  | { do: 'end' | 'park' | 'release'; slot: number; next: boolean; ms: number }
  | { do: 'cancel'; task: number }
  | { do: 'limits'; workspace: number; limits: WorkspaceLimits }
  | { do: 'pause'; paused: boolean }
  | { do: 'lose tickets' | 'spare ticket' | 'expire' | 'reconcile' }
  | { do: 'wait'; ms: number }

const slot = fc.nat(slots.length - 1)
const workspace = fc.nat(names.length - 1)
const maybe = (values: number[]) => fc.constantFrom(undefined, undefined, ...values)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('submit'),
      workspace,
      key: fc.nat(fairnessKeys.length - 1),
      priority: fc.constantFrom<Priority>(1, 3, 3, 5),
      deadline: fc.constantFrom(day, day, day, 20_000),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('take'),
      slot,
      again: fc.constantFrom(false, false, true),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constantFrom('end', 'end', 'end', 'end', 'park', 'release'),
      slot,
      next: fc.constantFrom(true, true, false),
      ms: fc.constantFrom(0, 500, 3_000),
    }),
  },
  fc.record({ do: fc.constant('cancel'), task: fc.nat(50) }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('limits'),
      workspace,
      limits: fc.record({
        running: maybe([1, 2]),
        runningPerFairnessKey: maybe([1, 2]),
        weight: maybe([2, 3]),
        paused: fc.constantFrom(false, false, false, true),
      }),
    }),
  },
  fc.record({ do: fc.constant('pause'), paused: fc.constantFrom(false, false, true) }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('lose tickets', 'spare ticket', 'expire', 'reconcile', 'reconcile'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.nat(2_000) }) },
)
const anySize: fc.Arbitrary<Size> = fc.record({
  workspaces: fc.integer({ min: 1, max: names.length }),
  keys: fc.integer({ min: 1, max: fairnessKeys.length }),
  slots: fc.integer({ min: 1, max: slots.length }),
})

/** A Redis that keeps nothing, and a connection to each of its databases that the test uses. */
const test = base.extend('databases', async ({}, { onCleanup }) => {
  const server = await startRedis({ flags: ['--save', '', '--appendonly', 'no'] })
  const databases = Array.from({ length: sideBySide }, (_, db) => new Redis(server.url, { db }))
  onCleanup(async () => {
    for (const redis of databases) redis.disconnect()
    await server.stop()
  })
  return databases
})

test(
  'after any steps in any order, the turn that starts is the one that should, within all limits',
  async ({ databases }) => {
    const { minLength, maxLength } = stepsOfRun
    const history = fc.array(anyStep, { minLength, maxLength, size: 'max' })
    const { seed = 0 } = fc.readConfigureGlobal()
    let played = 0
    await Promise.all(
      databases.map((redis, at) =>
        fc.assert(
          fc.asyncProperty(anySize, history, async (size, all) => {
            played += all.length
            await play(redis, size, all)
          }),
          { numRuns: runsEach, seed: seed + at },
        ),
      ),
    )
    expect(played).toBeGreaterThan(allSteps * 0.8)
  },
  120_000 + allSteps * 10,
)

function oneOf<T>(all: readonly T[], number: number): T | undefined {
  return all[number % Math.max(1, all.length)]
}

/** Plays the steps in Redis and in the model, and compares what they return and what they leave. */
async function play(redis: Redis, size: Size, steps: Step[]): Promise<void> {
  await redis.flushdb()
  const keys = shardKeys(0)
  const time = { now: 1_000_000 }
  const clock = () => time.now
  const tickets = {
    async add() {
      await redis.lpush(keys.tickets, 't')
    },
  }
  const store = createTaskStore(redis, { tickets, worker: 'w', clock })
  const maintenance = createMaintenance(redis, { tickets, worker: 'w', clock })
  const admin = createAdminStore(redis, { tickets, clock })
  const model = createSchedulerModel()

  const running = new Map<string, { claim: Claimed; turn: ModelTurn }>()
  const tasks: string[] = []
  const used = { names: names.slice(0, size.workspaces), keys: hashes.slice(0, size.keys) }
  const slotsOfRun = slots.slice(0, size.slots)
  const workspaceOf = (number: number) => names[number % size.workspaces] ?? ''
  /** Whether tickets were lost, or time has passed, since the last pass of a reconciler. */
  let mayLack = false

  for (const [at, step] of steps.entries()) {
    try {
      await perform(step)
      if (at % checkEvery === 0 || at === steps.length - 1) await check()
    } catch (error) {
      throw new Error(`step ${at} (${JSON.stringify(step)})`, { cause: error })
    }
  }

  async function perform(step: Step): Promise<void> {
    switch (step.do) {
      case 'submit': {
        const taskId = idOf(tasks.length + 1)
        const { priority } = step
        const name = workspaceOf(step.workspace)
        const key = fairnessKeys[step.key % size.keys] ?? ''
        await store.submit(
          submission({
            taskId,
            workspace: name,
            requestId: taskId,
            priority,
            deadlineMs: step.deadline,
            ...(key !== '' && { fairnessKey: key }),
          }),
        )
        const rank = time.now + priorityDelay(priority, limits.priorityAgeing)
        model.submit(taskId, { workspace: name, key, rank, deadline: time.now + step.deadline })
        tasks.push(taskId)
        return
      }
      case 'take': {
        const idle = slotsOfRun.filter((name) => !running.has(name))
        const name = oneOf(idle, step.slot)
        if (name === undefined || (await redis.rpop(keys.tickets)) === null) return
        const claim = { shard: 0, slot: name, attempt: nextAttempt(), lockMs }
        const reply = await store.claimNext(claim)
        started(name, reply)
        if (!step.again || reply.outcome !== 'claimed') return
        // A reply that was lost is asked for again.
        const again = await store.claimNext(claim)
        if (JSON.stringify(again) !== JSON.stringify(reply))
          throw new Error('the same claim got another turn')
        return
      }
      case 'end':
      case 'park':
      case 'release': {
        const [name, held] = oneOf([...running], step.slot) ?? []
        if (name === undefined || held === undefined) return
        const { claim, turn } = held
        const { now } = time
        const ref = { taskId: claim.taskId, turn: claim.turn, attempt: claim.attempt }
        running.delete(name)
        if (step.do === 'release') {
          await store.release(ref, undefined, step.ms)
          model.release(turn, now, now + step.ms)
          return
        }
        const next = step.next
          ? { shard: 0, slot: name, attempt: nextAttempt(), lockMs }
          : undefined
        const until = now + step.ms
        const decision =
          step.do === 'end'
            ? endOf(claim)
            : {
                ...ref,
                ordinal: 1,
                facts: [{ type: 'turn.parked', until } as const],
                park: { folded: claim.length, until },
              }
        const reply = await store.append({ ...decision, next })
        if (reply.outcome !== 'ok') throw new Error(`the decision was ${reply.outcome}`)
        if (step.do === 'end') model.end(turn, now)
        else model.park(turn, now, until)
        if (reply.next !== undefined) started(name, reply.next)
        else if (next !== undefined) throw new Error('the end claimed nothing')
        return
      }
      case 'cancel': {
        const taskId = oneOf(tasks, step.task)
        if (taskId === undefined) return
        await store.cancel({ taskId }, { reason: 'why', graceMs: 0 })
        ended(model.turn(taskId))
        return
      }
      case 'limits': {
        const name = workspaceOf(step.workspace)
        await admin.setLimits(0, name, step.limits)
        model.limit(name, step.limits)
        return
      }
      case 'pause':
        await admin.pause(0, step.paused)
        model.pause(step.paused)
        return
      case 'lose tickets':
        await redis.del(keys.tickets)
        mayLack = true
        return
      case 'spare ticket':
        await tickets.add()
        return
      case 'expire': {
        time.now += lockMs
        mayLack = true
        // The workers are alive, so no crash is counted.
        await maintenance.workerAlive(0, 'w')
        await maintenance.expireLeases(0, 100)
        for (const turn of model.expired(time.now)) {
          model.release(turn, time.now, time.now)
          forget(turn)
        }
        return
      }
      case 'reconcile': {
        const served = await maintenance.serveDeadlines(0, 1_000)
        if (served.failures.length > 0) throw served.failures[0]
        for (const { turn, what } of model.due(time.now)) {
          if (what === 'end') ended(turn)
          else if (turn.status === 'parked') model.resume(turn)
        }
        if ((await maintenance.checkWorkspaces(0, 100)) > 0) throw new Error('counts have drifted')
        const { isStartable, waiting } = await maintenance.findWork(0)
        if (isStartable && waiting === 0) await tickets.add()
        mayLack = false
        return
      }
      case 'wait':
        time.now += step.ms
        mayLack = true
        await maintenance.workerAlive(0, 'w')
    }
  }

  /** Compares a claim with the model. */
  function started(name: string, reply: NextReply): void {
    const expected = model.claim(time.now, lockMs)
    const claimed = reply.outcome === 'claimed' ? reply.taskId : reply.outcome
    if (claimed !== (expected?.taskId ?? 'none'))
      throw new Error(`claimed ${claimed}, expected ${expected?.taskId ?? 'none'}`)
    if (reply.outcome === 'claimed' && expected !== undefined)
      running.set(name, { claim: reply, turn: expected })
  }

  function ended(turn: ModelTurn | undefined): void {
    if (turn === undefined || turn.status === 'ended') return
    model.end(turn, time.now)
    forget(turn)
  }

  /** The slot of a turn has lost it. */
  function forget(turn: ModelTurn): void {
    for (const [name, held] of running) if (held.turn === turn) running.delete(name)
  }

  async function check(): Promise<void> {
    const { waiting, ...found } = await snapshot(redis, used)
    const [real, expected] = [found, model.snapshot(used.names, used.keys)].map((state) =>
      JSON.stringify(state),
    )
    if (real !== expected) throw new Error(`Redis has\n${real}\nbut should have\n${expected}`)
    const isIdle = running.size < size.slots
    if (isIdle && !mayLack && waiting === 0 && model.hasWork(time.now))
      throw new Error('work without a ticket')
  }
}

describe('no lane starves', () => {
  const duration = { shortest: 100, longest: 1_000 }
  test('while turns of all lanes wait, and turns last up to ten times longer than others', () => {
    const lane = fc.record({
      workspace,
      key: fc.nat(2),
      shortest: fc.integer({ min: 100, max: 1_000 }),
    })
    const property = fc.property(
      fc.uniqueArray(lane, { minLength: 2, maxLength: 6, selector: laneName }),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (lanes, count, random) => {
        const gaps = longestGaps(lanes, count, random)
        // Workspaces share the time, and so do the lanes of each.
        const sharers = new Set(lanes.map((of) => of.workspace)).size * lanes.length
        const ratio = duration.longest / duration.shortest
        expect(Math.max(...gaps.values())).toBeLessThanOrEqual(sharers * (ratio + 1) + count)
      },
    )
    fc.assert(property, { numRuns: volume({ short: 50, long: 2_000 }) })
  })

  type LaneOfTest = { workspace: number; key: number; shortest: number }
  function laneName(of: LaneOfTest): string {
    return `${names[of.workspace]}/${fairnessKeys[of.key]}`
  }

  /** How many turns of others start, at most, between two turns of each lane. Each lane always has a queued turn. */
  function longestGaps(
    lanes: LaneOfTest[],
    count: number,
    random: Iterator<number>,
  ): Map<string, number> {
    const model = createSchedulerModel()
    const shortestOf = new Map(lanes.map((of) => [laneName(of), of.shortest]))
    let [now, made] = [0, 0]
    function submit(of: LaneOfTest): void {
      made += 1
      const [name, key] = laneName(of).split('/') as [string, string]
      model.submit(idOf(made), { workspace: name, key, rank: now, deadline: Infinity })
    }
    const laneOf = new Map(lanes.map((of) => [laneName(of), of]))
    for (const of of lanes) submit(of)
    const gaps = new Map(lanes.map((of) => [laneName(of), 0]))
    const since = new Map(gaps)
    const ends: { turn: ModelTurn; at: number }[] = []
    const keyOf = new Map(fairnessKeys.map((key) => [keyHash(key), key]))
    for (let starts = 0; starts < 600;) {
      while (ends.length < count) {
        const turn = model.claim(now, lockMs)
        if (turn === undefined) throw new Error('nothing was claimed')
        starts += 1
        const name = `${turn.workspace}/${keyOf.get(turn.key)}`
        submit(laneOf.get(name)!)
        for (const [other, waited] of since) since.set(other, other === name ? 0 : waited + 1)
        for (const [other, waited] of since) gaps.set(other, Math.max(gaps.get(other) ?? 0, waited))
        const shortest = shortestOf.get(name) ?? duration.shortest
        const ms = shortest + Number(random.next().value) * (duration.longest - shortest)
        ends.push({ turn, at: now + Math.floor(ms) })
      }
      ends.sort((a, b) => a.at - b.at)
      const first = ends.shift()!
      now = first.at
      model.end(first.turn, now)
    }
    return gaps
  }
})
