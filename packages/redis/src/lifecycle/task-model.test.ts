import {
  type Append,
  type Fact,
  hasEnded,
  type NewFact,
  numbersOf,
  type ReviewDecided,
  type Seen,
  type Status,
} from '@longhaul/core'
import { test, volume } from '@longhaul/testbed'
import * as fc from 'fast-check'
import type { Redis } from 'ioredis'
import { checkBytes } from '../admin/doctor/check-bytes.ts'
import { checkTask } from '../admin/doctor/check-task.ts'
import { identify } from '../admin/doctor/identity.ts'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { checkWorkspaceScript } from '../lua/scheduler/check-workspace.ts'
import { createReviews } from './reviews.ts'
import {
  createTaskModel,
  type SeenFact,
  type Step,
  type TaskModel,
  times,
} from './task-model.fixture.ts'
import { queuedTurns } from './queued.fixture.ts'
import { createTaskStore } from './task-store.ts'
import { completed, result, submission, taskId, tool } from './turn.fixture.ts'
import { createMaintenance } from '../maintenance/maintenance.ts'

/** `MODEL_TEST_RUNS=100000` runs more of them, and takes a quarter of an hour. */
const numRuns = Number(process.env['MODEL_TEST_RUNS'] ?? volume({ short: 500, long: 2_000 }))

const which = { of: fc.nat(5) }
const again = fc.boolean()
const seenFact = fc.constantFrom<SeenFact>(
  'last',
  'last',
  'last',
  'earlier',
  'lost',
  'other',
  'untold',
)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('submit'), request: fc.nat(4), after: fc.nat(3) }),
  {
    weight: 3,
    arbitrary: fc.record(
      {
        do: fc.constant('claim'),
        ...which,
        behind: fc.integer({ min: 1, max: 8 }).map((n) => n === 1),
        alone: fc.boolean(),
      },
      { requiredKeys: ['do', 'behind', 'alone'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('append', 'stream'),
      ...which,
      again,
      seen: seenFact,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('end'),
      ...which,
      again,
      seen: seenFact,
      folded: fc.constantFrom(0, 0, 0, -1),
      step: fc.boolean(),
    }),
  },
  fc.record({
    do: fc.constant('park'),
    ...which,
    again,
    seen: seenFact,
    folded: fc.constantFrom(0, 0, 0, -1),
    ms: fc.constantFrom(-1_000, 1_000, times.lock, times.deadline),
  }),
  fc.record({
    do: fc.constant('review'),
    folded: fc.constantFrom(0, 0, 0, -1),
    behind: fc.constantFrom(false, false, true),
  }),
  fc.record({ do: fc.constant('beat'), ...which }),
  fc.record(
    { do: fc.constant('release'), ...which, report: fc.constantFrom('died', 'alone') },
    { requiredKeys: ['do', 'of'] },
  ),
  fc.record({ do: fc.constant('cancel'), grace: fc.constantFrom(0, 2_000, 2_000) }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('expireLeases', 'serveDeadlines', 'postpone', 'workerAlive'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('forget', 'purgeDue', 'purgeDue') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait'),
      ms: fc.constantFrom(1_000, 2_000, times.lock, times.lock, times.deadline, times.retention),
    }),
  },
)

test(
  'after any steps in any order, a task does what its model does',
  async ({ redis }) => {
    const first: Step = { do: 'submit', request: 0, after: 0 }
    const steps = fc.array(anyStep, { minLength: 1, maxLength: 30, size: 'max' })
    const property = fc.asyncProperty(steps, (rest) => play(redis, [first, ...rest]))
    await fc.assert(property, { numRuns })
  },
  120_000 + numRuns * 40,
)

const approval: ReviewDecided = {
  type: 'review.decided',
  callId: 'c',
  toolId: 't',
  review: 'approved',
  by: 'reviewer',
}

const wholePart: NewFact = {
  type: 'part.finished',
  step: 1,
  partId: 'p',
  kind: 'text',
  text: 'x',
  deltas: 1,
  whole: true,
}

const lastStep: NewFact = {
  type: 'step.finished',
  step: 1,
  modelIndex: 0,
  model: 'x/y',
  reason: 'stop',
  calls: [],
  ms: 1,
}

type PriorMessage = string | number | boolean
type Attempt = { attempt: string; turn: number; sent: number }

/** Applies the steps to a task and to its model, and compares the replies and the state. */
async function play(redis: Redis, steps: Step[]): Promise<void> {
  await redis.flushdb()
  const model = createTaskModel()
  const options = { worker: 'w', clock: () => model.clock.now }
  const store = createTaskStore(redis, options)
  const maintenanceStore = createMaintenance(redis, options)
  const reviews = createReviews(redis, { shards: 1, clock: options.clock })
  const attempts: Attempt[] = []
  let before: Left | undefined
  for (const [at, step] of steps.entries()) {
    const [real, expected] = await both(step)
    const seen = await look(redis)
    const problem =
      real === expected
        ? (problemOf(seen, model, before) ?? (await problemOfRings(redis, model.clock.now)))
        : `returned ${real}, expected ${expected}`
    if (problem !== undefined) throw new Error(`step ${at} (${step.do}): ${problem}`)
    before = seen
  }
  await checkNumbers(redis)
  const found = await examine(redis, model.clock.now)
  if (found.length > 0) throw new Error(`the doctor finds ${JSON.stringify(found)}`)

  async function both(step: Step): Promise<[PriorMessage, PriorMessage]> {
    switch (step.do) {
      case 'submit': {
        const { request, after } = step
        const { action } = await store.submit(
          submission({
            requestId: `r${request}`,
            after,
            deadlineMs: times.deadline,
            retentionMs: times.retention,
          }),
        )
        return [action, model.submit(request, after)]
      }
      case 'claim': {
        const { turn = 1 } = model.task() ?? {}
        const job = { turn: step.behind ? turn - 1 : turn }
        const name = { attempt: `a${attempts.length}`, sent: 0 }
        const chosen = step.of === undefined ? { ...name, ...job } : attemptOf(step.of)
        const { alone } = step
        const reply = await store.claim({ taskId, ...chosen }, chosen.attempt, times.lock, {
          alone,
        })
        if (!attempts.includes(chosen)) attempts.push(chosen)
        const real =
          reply.outcome === 'claimed'
            ? `claimed ${reply.deaths} ${reply.alone} ${reply.facts.length}`
            : reply.outcome === 'suspect'
              ? `suspect ${reply.deaths} ${reply.alone}`
              : reply.outcome
        return [real, model.claim(chosen.turn, chosen.attempt, alone)]
      }
      case 'append':
      case 'stream':
      case 'end':
      case 'park': {
        const chosen = attemptOf(step.of)
        if (!step.again) chosen.sent += 1
        const { attempt, turn, sent } = chosen
        const ref = { taskId, turn, attempt, seen: await factSeen(step.seen) }
        if (step.do === 'stream') {
          const pieces = [{ partId: 'p', kind: 'text' as const, text: 'x' }]
          return [
            (await store.stream(ref, sent, pieces)).alive,
            model.stream(attempt, sent, step.seen),
          ]
        }
        const send = async (decided: Pick<Append, 'facts' | 'end' | 'park'>) =>
          (await store.append({ ...ref, ordinal: sent, ...decided })).outcome
        if (step.do === 'append') {
          return [await send({ facts: [tool('c')] }), model.append(attempt, sent, step.seen)]
        }
        const folded = (model.task()?.log.length ?? 0) + step.folded
        if (step.do === 'end') {
          const end = { folded, status: 'completed', result } as const
          const facts = step.step ? [wholePart, lastStep, completed] : [completed]
          const outcome = await send({ facts, end })
          return [outcome, model.append(attempt, sent, step.seen, { folded, step: step.step })]
        }
        const until = model.clock.now + step.ms
        const facts: NewFact[] = [{ type: 'turn.parked', until }]
        const outcome = await send({ facts, park: { folded, until } })
        return [outcome, model.append(attempt, sent, step.seen, { folded, wakeAt: until })]
      }
      case 'review': {
        const { turn = 1, log = [] } = model.task() ?? {}
        const ref = { taskId, turn: step.behind ? turn - 1 : turn }
        const folded = log.length + step.folded
        return [
          await reviews.record(ref, { folded, fact: approval }),
          model.review(ref.turn, folded),
        ]
      }
      case 'release': {
        const ref = { taskId, ...attemptOf(step.of) }
        const { released } = await store.release(ref, step.report)
        return [released, model.release(ref.attempt, step.report)]
      }
      case 'beat': {
        const ref = { taskId, ...attemptOf(step.of) }
        return [(await store.beat(ref, times.lock)).alive, model.beat(ref.attempt)]
      }
      case 'cancel': {
        const asked = { reason: 'why', graceMs: step.grace }
        return [await store.cancel({ taskId }, asked), model.cancel(step.grace)]
      }
      case 'expireLeases':
        return [(await maintenanceStore.expireLeases(0, 10)).expired, model.expireLeases()]
      case 'serveDeadlines': {
        const { ended, resumed } = await maintenanceStore.serveDeadlines(0, 10)
        return [`${ended} ${resumed}`, model.serveDeadlines()]
      }
      case 'postpone':
        await store.postpone({ taskId, turn: model.task()?.turn ?? 1 }, times.lock)
        return [0, 0]
      case 'workerAlive':
        await maintenanceStore.workerAlive(0, 'w')
        model.workerAlive()
        return [0, 0]
      case 'forget':
        return [await store.purge(taskId), model.purge()]
      case 'purgeDue':
        return [(await maintenanceStore.purgeDue(0, 10)).purged, model.purgeDue()]
      case 'wait':
        model.clock.now += step.ms
        return [0, 0]
    }
  }

  /** The fact of the log that a writer reports as the last one seen. */
  async function factSeen(place: SeenFact): Promise<Seen | undefined> {
    if (place === 'untold') return undefined
    const facts = (await redis.lrange(taskKeys(taskId).log, 0, -1)).map(
      (text) => JSON.parse(text) as { pos: number; at: number },
    )
    const { length } = facts
    const { pos = 0, at = 0 } = facts.at(place === 'earlier' ? -2 : -1) ?? {}
    switch (place) {
      case 'last':
        return { length, pos, at }
      case 'earlier':
        return { length: length - 1, pos, at }
      case 'lost':
        return { length: length + 1, pos: pos + 1, at }
      case 'other':
        return { length, pos, at: at - 1 }
    }
  }

  /** An earlier attempt, or an unknown one if there is none. */
  function attemptOf(number: number): Attempt {
    const nobody = { attempt: 'nobody', turn: 1, sent: 0 }
    return attempts[attempts.length === 0 ? 0 : number % attempts.length] ?? nobody
  }
}

type Left = {
  status: string | null
  turn: number
  result: string | null
  log: string[]
  kept: number
  queued: string[]
  slots: string[]
  leases: string[]
  deadlines: string[]
  purges: string[]
  failed: string[]
}

async function look(redis: Redis): Promise<Left> {
  const { head, log, deltas } = taskKeys(taskId)
  const { leases, deadlines, purges, failed, runningTurns } = shardKeys(0)
  const [heads, facts, kept, slots, queued, ...sets] = await Promise.all([
    redis.hmget(head, 'status', 'turn', 'result'),
    redis.lrange(log, 0, -1),
    redis.exists(log, deltas),
    redis.smembers(runningTurns('w')),
    queuedTurns(redis),
    ...[leases, deadlines, purges, failed].map((key) => redis.zrange(key, '0', '-1')),
  ])
  const [status = null, turn, endResult = null] = heads
  const [inLeases = [], inDeadlines = [], inPurges = [], inFailed = []] = sets
  return {
    status,
    turn: Number(turn),
    result: endResult,
    log: facts.map((text) => String(JSON.parse(text).type)),
    kept,
    queued,
    slots,
    leases: inLeases,
    deadlines: inDeadlines,
    purges: inPurges,
    failed: inFailed,
  }
}

/** The faults of the state in Redis, compared with the model and checked for consistency. */
function problemOf(seen: Left, model: TaskModel, before: Left | undefined): string | undefined {
  const task = model.task()
  const { status, queued, slots, leases, deadlines, purges, failed, log } = seen
  if (task === undefined) {
    const gone = status === (model.forgotten() ? 'forgotten' : null) && seen.kept === 0
    const left = [...queued, ...slots, ...leases, ...deadlines, ...purges, ...failed]
    return gone && left.length === 0 ? undefined : `something is left: ${status} ${left.join(' ')}`
  }
  if (status !== task.status) return `is ${status}, expected ${task.status}`
  if (log.join(' ') !== task.log.join(' ')) {
    return `has the log ${log.join(' ')}, expected ${task.log.join(' ')}`
  }

  const live = !isEnd(status)
  const where = status === 'queued' ? [1, 0] : status === 'running' ? [0, 1] : [0, 0]
  if (queued.length !== where[0] || leases.length !== where[1] || slots.length !== where[1]) {
    return `${status}, but in backlogs ${queued.join(' ')}, slots ${slots.join(' ')} and leases ${leases.join(' ')}`
  }
  if (deadlines.length !== (status === 'parked' ? 2 : live ? 1 : 0))
    return `${status}, with ${deadlines.length} deadlines`
  if (purges.length !== (live ? 0 : 1))
    return `${status}, and ${purges.length} times to be forgotten`
  if (failed.length !== (status === 'failed' ? 1 : 0))
    return `${status}, and ${failed.length} times among those that failed`

  const starts = log.filter((type) => type === 'turn.started').length
  const ends = log.filter((type) => type === 'turn.completed' || type === 'turn.failed').length
  if (starts !== task.turn || ends !== task.turn - (live ? 1 : 0))
    return `${ends} ends of ${starts}`
  const sameTurn = before?.turn === seen.turn && isEnd(before.status)
  if (sameTurn && (before.status !== status || before.result !== seen.result)) {
    return `an end changed from ${before.status} to ${status}`
  }
  return undefined
}

/** The faults of the slots and the rings of the workspace. */
async function problemOfRings(redis: Redis, now: number): Promise<string | undefined> {
  const values = { clockTime: now, workspace: 'w', repair: false, tasksChecked: 100 }
  const call = checkWorkspaceScript.call(shardKeys(0), values)
  const { faults } = await runScript(redis, call)
  return faults.length === 0 ? undefined : faults.join(' ')
}

function isEnd(status: string | null): boolean {
  return status !== null && status !== 'forgotten' && hasEnded(status as Status)
}

/** The findings of the doctor for the task, from every entry that refers to it. */
async function examine(redis: Redis, now: number) {
  const { queued, leases, deadlines } = await look(redis)
  const identity = await identify(redis, taskId)
  const options = { repair: false, now, turnDeadlineMs: times.deadline, identity }
  const indexEntries = [
    { taskId, index: shardKeys(0).tasksOf('w') },
    ...queued.map((found) => ({ taskId, queued: { job: found, set: shardKeys(0).returned } })),
    ...leases.map((lease) => ({ taskId, lease })),
    ...deadlines.map((deadline) => ({ taskId, deadline })),
  ]
  const found = await Promise.all(indexEntries.map((lead) => checkTask(redis, lead, options)))
  return [...found.flat(), ...(await checkBytes(redis, taskId, options))]
}

/** Facts, with the deltas that they contain, and deltas together have every number exactly once. */
async function checkNumbers(redis: Redis): Promise<void> {
  const { head, log, deltas } = taskKeys(taskId)
  const [pos, facts, pieces] = await Promise.all([
    redis.hget(head, 'pos'),
    redis.lrange(log, 0, -1),
    redis.xrange(deltas, '-', '+'),
  ])
  const numbers = [
    ...facts.flatMap((text) => {
      const fact = JSON.parse(text) as Fact
      return numbersOf(fact) === 2 ? [fact.pos - 1, fact.pos] : [fact.pos]
    }),
    ...pieces.map(([id]) => Number.parseInt(id, 10)),
  ].toSorted((a, b) => a - b)
  const gapless = numbers.every((number, at) => number === at + 1)
  if (!gapless || numbers.length !== Number(pos ?? 0)) {
    throw new Error(`numbers ${numbers.join(' ')} up to ${pos}`)
  }
}
