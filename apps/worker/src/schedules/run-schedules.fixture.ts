import {
  dueTime,
  LonghaulError,
  newScheduleState,
  type OccurrenceRecord,
  type Schedule,
  type ScheduleState,
  type ScheduleStore,
  type TaskStore,
} from '@longhaul/core'
import { createLogger } from '@longhaul/process'
import { type Backend, createScheduleStore } from '@longhaul/redis'
import { createResolver } from '@longhaul/tasks'
import { monotonicFactory } from 'ulid'
import { serveSchedules } from '../maintenance/serve-schedules.ts'
import { schedulePorts } from '../schedule-ports.ts'
import { createLife, Killed, mortal } from './kill-process.fixture.ts'
import type { Random } from './random-schedule.fixture.ts'

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000]

/** A turn that was submitted, by the simulated clock. */
export type Started = { schedule: string; occurrence: string; taskId: string; at: number }

export type Observed = {
  records: Map<string, OccurrenceRecord[]>
  starts: Started[]
  /** When each task has ended, or was cancelled. */
  ends: Map<string, number>
  /** Every time at which a worker has looked. */
  looks: number[]
  kills: number
  /** The events that were noted for endpoints. */
  events: { type: string; data: Record<string, unknown> }[]
}

/** A fault of the product, which the check must find. */
export type Fault = 'doubled fire' | 'lost fire' | 'wrong zone'

type Options = { backend: Backend; random: Random; from: number; until: number; fault?: Fault }

/**
 * Runs schedules to their ends, with the real scripts and the real code of workers. Only the clock is simulated, and runs
 * end when the test cancels them. Two workers serve the schedules at once. They freeze for minutes and are killed, at any
 * of their calls to the store, and others begin. Their own clocks are wrong, the clock of the store is sometimes set back,
 * and there are outages of hours.
 */
export async function runSchedules(
  schedules: Schedule[],
  { backend, random, from, until, fault }: Options,
): Promise<Observed> {
  let now = from
  const live = new Set<Started>()
  const observed: Observed = {
    records: new Map(),
    starts: [],
    ends: new Map(),
    looks: [],
    kills: 0,
    events: [],
  }
  const { redis } = backend.connections
  const store = createScheduleStore(redis, { shards: 1, clock: () => now })
  const worlds = {
    ...backend,
    schedules: fault === 'lost fire' ? losing(store, random) : store,
    store: watched(backend.store, {
      observed,
      live,
      random,
      clock: () => now,
      doubles: fault === 'doubled fire',
    }),
  }
  for (const schedule of schedules) {
    await redis.hset(`{lh:s0}:workspace:${schedule.workspace}`, 'listens', '1')
    const stored = fault === 'wrong zone' ? { ...schedule, timezone: 'Asia/Tokyo' } : schedule
    const state = newScheduleState(stored, from)
    await store.create({ schedule: stored, state, dueAt: dueTime(stored, state, from) })
  }
  const workers = [startWorker(), startWorker()]
  for (;;) {
    await endRuns()
    observed.looks.push(now)
    const awake = random.chance(0.7) ? workers : workers.slice(0, 1)
    await Promise.all(awake.map((worker) => worker.look()))
    for (const [at, worker] of workers.entries()) {
      if (worker.life.isFrozen() && random.chance(0.2)) await worker.thaw()
      if (!worker.life.isDead()) continue
      observed.kills += 1
      workers[at] = startWorker()
    }
    const [, soonest] = await redis.zrange('{lh:s0}:due-schedules', '0', '0', 'WITHSCORES')
    if (soonest === undefined) break
    now = nextTime(Number(soonest))
    if (now > until + 10 * day) throw new Error('the schedules do not come to an end')
  }
  for (const worker of workers) await worker.thaw()
  for (const { id } of schedules) {
    const { items } = await store.records(id, { skip: 0, limit: 1_000 })
    observed.records.set(id, items.toReversed())
  }
  const noted = await redis.zrange('{lh:s0}:events', '0', '-1')
  const outside = noted.filter((text) => text.startsWith('{'))
  observed.events = outside.map((text) => JSON.parse(text).event)
  await redis.del('{lh:s0}:events')
  return observed

  function nextTime(soonest: number): number {
    if (random.chance(0.02)) return now - random.between(0, 3 * second)
    if (random.chance(0.01)) return now + random.between(hour, 9 * hour)
    if (random.chance(0.05)) return now + random.between(0, 30 * minute)
    return Math.max(now, soonest) + random.between(1, 20 * second)
  }

  async function endRuns(): Promise<void> {
    for (const start of live) {
      if ((observed.ends.get(start.taskId) ?? 0) > now) continue
      live.delete(start)
      await backend.store.cancel(start, { reason: 'it is over', graceMs: 0 })
    }
  }

  function startWorker() {
    const life = createLife({
      diesAt: random.between(1, 1_000),
      freezesAt: random.between(1, 300),
    })
    // A worker does not use its own clock for schedules.
    const skew = random.between(-hour, hour)
    const own = {
      ...worlds,
      schedules: mortal(worlds.schedules, life),
      store: mortal(worlds.store, life),
      plans: mortal(backend.plans, life),
    }
    const newTurns = {
      turnDeadlineMs: day,
      retentionMs: day,
      newId: monotonicFactory(random.fraction),
      newHex: (digits: number) => '0'.repeat(digits),
    }
    const clock = () => Date.now() + skew
    const resolver = createResolver({
      ...backend.registries,
      ...newTurns,
      plans: own.plans,
      now: clock,
    })
    const { serveSchedule } = schedulePorts({
      backend: own,
      newTurns,
      turnDeps: { childPorts: { resolver } } as never,
      shards: 1,
      defaultLimits: {},
      shedAfterMs: Infinity,
      log: createLogger({ name: 'test', level: 'silent' }),
      now: clock,
    })
    const serve = serveSchedules({
      schedules: own.schedules,
      shards: 1,
      serveSchedule,
      sampleLoad: async () => {},
    })
    const signal = new AbortController().signal
    let pass: Promise<unknown> | undefined
    return {
      life,
      /** Serves what is due. A frozen process goes on when it thaws, in the middle of what it did. */
      async look(): Promise<void> {
        if (life.isFrozen()) return
        pass = serve({ signal, failed }).catch(failed)
        await Promise.race([pass, life.froze])
        if (!life.isFrozen()) await pass
      },
      async thaw(): Promise<void> {
        life.thaw()
        await pass
      },
    }
  }
}

type Watching = {
  observed: Observed
  live: Set<Started>
  random: Random
  clock: () => number
  doubles: boolean
}

/** The tasks of the backend, with a note of each that begins and ends. A limit refuses some of them for a time. */
function watched(
  store: TaskStore,
  { observed, live, random, clock, doubles }: Watching,
): TaskStore {
  return {
    ...store,
    async submit(submission) {
      if (random.chance(0.05)) throw new LonghaulError('rate_limited', 'too many')
      const { taskId, requestId } = submission
      const reply = await store.submit(submission)
      if (reply.action !== 'accepted') return reply
      const [schedule = ''] = requestId.split('.', 1)
      const occurrence = requestId.slice(schedule.length + 1)
      const started = { schedule, occurrence, taskId, at: clock() }
      observed.starts.push(started)
      live.add(started)
      observed.ends.set(taskId, clock() + lengthOf(random))
      if (doubles && random.chance(0.1)) observed.starts.push({ ...started, taskId: `${taskId}2` })
      return reply
    },
    async cancel(task, options) {
      const cancelled = await store.cancel(task, options)
      const end = observed.ends.get(task.taskId) ?? Infinity
      observed.ends.set(task.taskId, Math.min(end, clock()))
      return cancelled
    },
  }
}

function lengthOf(random: Random): number {
  if (random.chance(0.7)) return random.between(second, minute)
  return random.chance(0.8) ? random.between(minute, 20 * minute) : random.between(hour, 4 * hour)
}

/** Forgets some decisions to fire. */
function losing(store: ScheduleStore, random: Random): ScheduleStore {
  return {
    ...store,
    write: (write) =>
      store.write(random.chance(0.1) ? { ...write, state: without(write.state) } : write),
  }
}

function without(state: ScheduleState): ScheduleState {
  const { firing: _, ...others } = state
  return others
}

function failed(error: unknown): void {
  if (!(error instanceof Killed)) throw error
}
