import {
  type Claimed,
  compareShares,
  jobId,
  limits,
  type NextReply,
  priorityDelay,
  type Priority,
  type WorkspaceLimits,
} from '@longhaul/core'
import { volume } from '@longhaul/testbed'
import * as fc from 'fast-check'
import type { Redis } from 'ioredis'
import { createAdminStore } from '../admin/admin-store.ts'
import { shardKeys } from '../connection/keys.ts'
import { queuedTurns } from '../lifecycle/queued.fixture.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { submission } from '../lifecycle/turn.fixture.ts'
import { runScript } from '../lua/run-script.ts'
import { checkWorkspaceScript } from '../lua/scheduler/check-workspace.ts'
import { createMaintenance } from '../maintenance/maintenance.ts'
import { keyHash } from './key-hash.ts'
import { endOf, idOf, lockMs, nextAttempt, test } from './scheduler.fixture.ts'

/** `SCHEDULER_TEST_RUNS=25000` plays two million steps, and takes hours. */
const numRuns = Number(process.env['SCHEDULER_TEST_RUNS'] ?? volume({ short: 40, long: 1_000 }))
const stepsOfRun = 80

const names = ['w1', 'w2', 'w3'] as const
const fairnessKeys = ['', 'k1', 'k2'] as const
const slots = ['a:0', 'a:1', 'b:0', 'b:1'] as const

type Step =
  | {
      do: 'submit'
      workspace: string
      key: string
      priority: Priority
      startInMs?: number | undefined
      expiresInMs?: number | undefined
    }
  | { do: 'move'; task: number; ms: number }
  | { do: 'take'; slot: string }
  | { do: 'end' | 'park' | 'release'; slot: string; next: boolean; ms: number }
  | { do: 'cancel'; task: number }
  | { do: 'limits'; workspace: string; limits: WorkspaceLimits }
  | { do: 'pause'; paused: boolean }
  | { do: 'lose tickets' | 'spare ticket' | 'expire' | 'reconcile' }
  | { do: 'wait'; ms: number }

const slot = fc.constantFrom(...slots)
const workspace = fc.constantFrom(...names)
const maybe = (values: number[]) => fc.constantFrom(undefined, undefined, ...values)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('submit'),
      workspace,
      key: fc.constantFrom(...fairnessKeys),
      priority: fc.constantFrom<Priority>(1, 3, 3, 5),
      startInMs: maybe([0, 300, 2_000]),
      expiresInMs: maybe([200, 3_000]),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('take'), slot }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('end', 'end', 'end', 'park', 'release'),
      slot,
      next: fc.boolean(),
      ms: fc.constantFrom(0, 500, 3_000),
    }),
  },
  fc.record({ do: fc.constant('cancel'), task: fc.nat(20) }),
  fc.record({ do: fc.constant('move'), task: fc.nat(20), ms: fc.constantFrom(0, 500, 2_500) }),
  fc.record({
    do: fc.constant('limits'),
    workspace,
    limits: fc.record({
      running: maybe([1, 2]),
      runningPerFairnessKey: maybe([1]),
      weight: maybe([2, 5]),
      paused: fc.constantFrom(false, false, false, true),
    }),
  }),
  fc.record({ do: fc.constant('pause'), paused: fc.constantFrom(false, false, true) }),
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('lose tickets', 'spare ticket', 'expire', 'reconcile', 'reconcile'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.nat(2_000) }) },
)

test(
  'after any steps in any order, the turn that starts is the one that should, within all limits',
  async ({ redis }) => {
    const steps = fc.array(anyStep, { minLength: 1, maxLength: stepsOfRun, size: 'max' })
    await fc.assert(
      fc.asyncProperty(steps, (all) => play(redis, all)),
      { numRuns },
    )
  },
  120_000 + numRuns * 4_000,
)

type Turn = { taskId: string; workspace: string; key: string; rank: number }
type Queued = Turn & {
  returnedAt?: number
  front?: boolean
  /** Until a worker has had the turn. */
  startAt?: number
  expiresAt?: number | undefined
}

/** Plays the steps in Redis, and compares each choice with the rules of `core`. */
async function play(redis: Redis, steps: Step[]): Promise<void> {
  await redis.flushdb()
  const keys = shardKeys(0)
  const time = { now: 1_000_000 }
  const clock = () => time.now
  let made = 0
  const tickets = {
    async add() {
      await redis.lpush(keys.tickets, 't')
    },
  }
  const store = createTaskStore(redis, { tickets, worker: 'w', clock })
  const maintenance = createMaintenance(redis, { tickets, worker: 'w', clock })
  const admin = createAdminStore(redis, { tickets, clock })

  const queued = new Map<string, Queued>()
  const running = new Map<string, { claim: Claimed; turn: Turn }>()
  const parked = new Map<string, Turn>()
  const turns: Turn[] = []
  const limitsOf = new Map<string, WorkspaceLimits>()
  let isPaused = false
  /** Whether tickets were lost, or time has passed, since the last pass of a reconciler. */
  let mayLack = false

  for (const [at, step] of steps.entries()) {
    try {
      await perform(step)
      await check()
    } catch (error) {
      throw new Error(`step ${at} (${JSON.stringify(step)})`, { cause: error })
    }
  }

  async function perform(step: Step): Promise<void> {
    switch (step.do) {
      case 'submit': {
        made += 1
        const { key, priority } = step
        const taskId = idOf(made)
        const fairnessKey = key === '' ? undefined : key
        await store.submit(
          submission({
            taskId,
            workspace: step.workspace,
            requestId: taskId,
            priority,
            fairnessKey,
            startInMs: step.startInMs,
            expiresInMs: step.expiresInMs,
          }),
        )
        const startAt = time.now + (step.startInMs ?? 0)
        const rank = startAt + priorityDelay(priority, limits.priorityAgeing)
        const turn = { taskId, workspace: step.workspace, key, rank }
        turns.push(turn)
        const expiresAt = step.expiresInMs === undefined ? undefined : startAt + step.expiresInMs
        queued.set(taskId, { ...turn, startAt, expiresAt })
        return
      }
      case 'take': {
        if (running.has(step.slot) || (await redis.rpop(keys.tickets)) === null) return
        const before = await choice()
        const claim = { shard: 0, slot: step.slot, attempt: nextAttempt(), lockMs }
        const reply = await store.claimNext(claim)
        started(step.slot, reply, before)
        // A reply that was lost is asked for again.
        const again = await store.claimNext(claim)
        if (reply.outcome === 'claimed' && JSON.stringify(again) !== JSON.stringify(reply))
          throw new Error('the same claim got another turn')
        return
      }
      case 'end':
      case 'park':
      case 'release': {
        const held = running.get(step.slot)
        if (held === undefined) return
        const { claim, turn } = held
        const ref = { taskId: claim.taskId, turn: claim.turn, attempt: claim.attempt }
        running.delete(step.slot)
        if (step.do === 'release') {
          await store.release(ref, undefined, step.ms)
          queued.set(turn.taskId, { ...turn, returnedAt: time.now + step.ms })
          return
        }
        if (step.do === 'park') {
          const until = time.now + step.ms
          const park = { folded: claim.length, until }
          await store.append({ ...ref, ordinal: 1, facts: [{ type: 'turn.parked', until }], park })
          parked.set(turn.taskId, turn)
          return
        }
        const next = { shard: 0, slot: step.slot, attempt: nextAttempt(), lockMs }
        // The script charges the slot before it chooses, so the choice is computed from what it leaves.
        const reply = await store.append({ ...endOf(claim), ...(step.next && { next }) })
        if (reply.outcome !== 'ok') throw new Error(`the end was ${reply.outcome}`)
        if (reply.next !== undefined) started(step.slot, reply.next)
        return
      }
      case 'cancel': {
        const turn = turns[step.task % Math.max(1, turns.length)]
        if (turn === undefined) return
        await store.cancel({ taskId: turn.taskId }, { reason: 'why', graceMs: 0 })
        queued.delete(turn.taskId)
        parked.delete(turn.taskId)
        for (const [name, held] of running)
          if (held.turn.taskId === turn.taskId) running.delete(name)
        return
      }
      case 'move': {
        const turn = turns[step.task % Math.max(1, turns.length)]
        if (turn === undefined) return
        const ref = { taskId: turn.taskId, turn: 1 }
        if ((await store.moveStart(ref, { startInMs: step.ms })) !== 'moved') return
        const before = queued.get(turn.taskId)
        if (before?.startAt === undefined) throw new Error(`${turn.taskId} did not wait to start`)
        const later = time.now + step.ms - before.startAt
        const { expiresAt } = before
        queued.set(turn.taskId, {
          ...before,
          startAt: before.startAt + later,
          rank: before.rank + later,
          expiresAt: expiresAt && expiresAt + later,
        })
        return
      }
      case 'limits':
        await admin.setLimits(0, step.workspace, step.limits)
        limitsOf.set(step.workspace, step.limits)
        return
      case 'pause':
        await admin.pause(0, step.paused)
        isPaused = step.paused
        return
      case 'lose tickets':
        await redis.del(keys.tickets)
        mayLack = true
        return
      case 'spare ticket':
        await tickets.add()
        return
      case 'expire':
        time.now += lockMs
        // The workers are alive, so no crash is counted.
        await maintenance.workerAlive(0, 'w')
        await maintenance.expireLeases(0, 100)
        for (const { turn } of running.values())
          queued.set(turn.taskId, { ...turn, returnedAt: time.now })
        running.clear()
        mayLack = true
        return
      case 'reconcile': {
        await maintenance.serveDeadlines(0, 100)
        await maintenance.serveExpiries(0, 100)
        await maintenance.queueDue(0, 100)
        for (const { taskId, expiresAt = Infinity } of queued.values())
          if (expiresAt <= time.now) queued.delete(taskId)
        for (const [taskId, turn] of parked) {
          if ((await store.view(taskId))?.status !== 'queued') continue
          parked.delete(taskId)
          queued.set(taskId, turn)
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
    }
  }

  /** Records a start. Without `expected`, only the limits are checked. */
  function started(name: string, reply: NextReply, expected?: Set<string>): void {
    if (reply.outcome === 'none') {
      if (expected !== undefined && expected.size > 0) throw new Error('nothing was claimed')
      return
    }
    if (reply.outcome !== 'claimed') throw new Error(`the claim was ${reply.outcome}`)
    const turn = queued.get(reply.taskId)
    if (turn === undefined) throw new Error(`${reply.taskId} was not queued`)
    if (expected !== undefined && !expected.has(turn.taskId))
      throw new Error(`${turn.taskId} was claimed in place of ${[...expected].join(' or ')}`)
    if (isPaused || !mayRun(turn)) throw new Error(`${turn.taskId} exceeds a limit`)
    if (!isOpen(turn)) throw new Error(`${turn.taskId} starts too early or too late`)
    queued.delete(turn.taskId)
    const { taskId, workspace: owner, key, rank } = turn
    running.set(name, { claim: reply, turn: { taskId, workspace: owner, key, rank } })
  }

  function countRunning(of: { workspace: string; key?: string }): number {
    return [...running.values()].filter(
      ({ turn }) =>
        turn.workspace === of.workspace && (of.key === undefined || turn.key === of.key),
    ).length
  }

  /** Whether a turn may start at all at this time. */
  function isOpen({ startAt = 0, expiresAt = Infinity }: Queued): boolean {
    return startAt <= time.now && expiresAt > time.now
  }

  function mayRun({ workspace: name, key }: Turn): boolean {
    const own = limitsOf.get(name) ?? {}
    return (
      own.paused !== true &&
      countRunning({ workspace: name }) < (own.running ?? Infinity) &&
      countRunning({ workspace: name, key }) < (own.runningPerFairnessKey ?? Infinity)
    )
  }

  /** The turns of which one should start now: several where the rules do not distinguish. */
  async function choice(): Promise<Set<string>> {
    const candidates = [...queued.values()].filter((turn) => mayRun(turn) && isOpen(turn))
    if (isPaused) return new Set()
    const due = candidates.filter(({ returnedAt = Infinity }) => returnedAt <= time.now)
    if (due.length > 0) return new Set(due.map(({ taskId }) => taskId))
    const inLanes = candidates.filter(
      ({ returnedAt, front }) => returnedAt === undefined || front === true,
    )
    const workspaces = new Set(inLanes.map((turn) => turn.workspace))
    const shares = await Promise.all(
      [...workspaces].map(async (name) => ({
        name,
        running: countRunning({ workspace: name }),
        weight: limitsOf.get(name)?.weight ?? 1,
        virtualTime: Number((await redis.hget(keys.workspaceState(name), 'time')) ?? 0),
      })),
    )
    const best = shares.toSorted(compareShares)[0]
    if (best === undefined) return new Set()
    const first = shares.filter((share) => compareShares(share, best) === 0)
    const chosen = await Promise.all(first.map(({ name }) => choiceIn(name, inLanes)))
    return new Set(chosen.flat())
  }

  async function choiceIn(name: string, all: Queued[]): Promise<string[]> {
    const own = all.filter((turn) => turn.workspace === name)
    const shares = await Promise.all(
      [...new Set(own.map(({ key }) => key))].map(async (key) => {
        const stored = await redis.hget(keys.workspaceState(name), `k:${keyHash(key)}`)
        const [used = 0, virtualTime = 0] = (stored ?? '0 0').split(' ').map(Number)
        return { key, running: used, weight: 1, virtualTime }
      }),
    )
    const best = shares.toSorted(compareShares)[0]!
    const first = shares.filter((share) => compareShares(share, best) === 0)
    return first.flatMap(({ key }) => {
      const lane = own.filter((turn) => turn.key === key)
      const rank = Math.min(...lane.map((turn) => (turn.front === true ? 0 : turn.rank)))
      return lane
        .filter((turn) => (turn.front === true ? 0 : turn.rank) === rank)
        .map(({ taskId }) => taskId)
    })
  }

  async function check(): Promise<void> {
    // A turn that returned while its lane was at a limit is the first of its lane.
    for (const turn of queued.values()) {
      const score = await redis.zscore(
        keys.backlog(turn.workspace, keyHash(turn.key)),
        jobId(turn.taskId, 1),
      )
      if (score === '0') turn.front = true
      if (score !== null) delete turn.returnedAt
    }
    const inBacklogs = await queuedTurns(redis)
    same('backlogs', inBacklogs, [...queued.keys()])
    const held = [...running.values()].map(({ turn }) => turn.taskId)
    same('leases', await redis.zrange(keys.leases, '0', '-1'), held)
    const inSlots = await Promise.all(
      names.map(async (name) => await redis.smembers(keys.runningTurns(name))),
    )
    same('slots', inSlots.flat(), held)
    for (const name of names) {
      const values = { clockTime: time.now, workspace: name, repair: false }
      const { faults } = await runScript(redis, checkWorkspaceScript.call(keys, values))
      if (faults.length > 0) throw new Error(`${name}: ${faults.join(' ')}`)
    }
    const idle = slots.length - running.size
    if (idle > 0 && !mayLack && (await choice()).size > 0) {
      if ((await redis.llen(keys.tickets)) === 0) throw new Error('work without a ticket')
    }
  }
}

function same(where: string, members: string[], tasks: string[]): void {
  const expected = tasks.map((taskId) => jobId(taskId, 1)).toSorted()
  if (JSON.stringify(members.toSorted()) !== JSON.stringify(expected))
    throw new Error(`${where}: ${members.join(' ')}, expected ${expected.join(' ')}`)
}
