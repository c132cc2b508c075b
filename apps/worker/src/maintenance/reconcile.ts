import { limits, type Queue, type TaskStore, type Upkeep } from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import { endTasksOfAgent } from '@longhaul/tasks'

type Options = {
  store: TaskStore
  upkeep: Upkeep
  queue: Queue
  shards: number
  everyMs: number
  log: Logger
  /** Told what was mended, by kind; stays silent in a healthy system. */
  mended: (kind: Repair, count: number) => void
  /** Told how many parked turns were queued again, since their time had come. */
  resumed: (count: number) => void
}

type Repair = 'answered' | 'enqueued' | 'lease-expired' | 'deadline' | 'agent-deleted'

/** How much of each kind one pass serves. */
const batch = limits.maintenance.batch
/** The job of a turn in the outbox is looked for this often. */
const outboxAgain = limits.maintenance.outboxAgain
/** Whoever takes a turn from a dead worker may die, too, before it has added the job. */
const takenAgain = limits.maintenance.takenAgain
/** A submit that resolved its agent before the deletion has come through by then. */
const lateSubmit = limits.maintenance.lateSubmit

/**
 * Repairs, every now and then, what a death between two steps has left: lost jobs, dead workers' turns, missed
 * deadlines. A stage that fails stops no other one.
 */
export function startReconciler(options: Options) {
  const { shards, everyMs, log } = options
  let lastPass = performance.now()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  async function pass(): Promise<void> {
    let failed = false
    for (let shard = 0; shard < shards; shard += 1) {
      for (const [stage, run] of Object.entries(stages)) {
        try {
          await run(shard, options)
        } catch (error) {
          failed = true
          log.warn({ err: error, shard, stage }, 'reconcile stage failed')
        }
      }
    }
    if (!failed) lastPass = performance.now()
    if (!stopped) schedule()
  }

  function schedule(inMs = everyMs * (0.75 + Math.random() / 2)): void {
    timer = setTimeout(() => {
      running = pass()
    }, inMs)
  }
  // A new worker may be there in place of dead ones, whose turns have waited for long.
  schedule(Math.random() * Math.min(everyMs / 4, 1_000))

  return {
    /** How long ago the last pass came through, milliseconds. */
    age: () => performance.now() - lastPass,
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

/** What one pass does for each shard, in this order. */
const stages: Record<string, (shard: number, options: Options) => Promise<void>> = {
  async leases(shard, { upkeep, queue, mended }) {
    const { jobs, failures } = await upkeep.expireLeases(shard, takenAgain, batch)
    if (jobs.length > 0) mended('lease-expired', jobs.length)
    await each(jobs, (job) => queue.enqueue(job), failures)
  },

  async outbox(shard, { upkeep, queue, mended }) {
    const due = await upkeep.dueOutbox(shard, outboxAgain, batch)
    // In a long queue a turn waits for long, and its job with it: only a lost one is a repair.
    let lost = 0
    try {
      await each(due, async (job) => {
        if (await queue.restore(job)) lost += 1
      })
    } finally {
      if (lost > 0) mended('enqueued', lost)
    }
  },

  async deadlines(shard, { upkeep, mended, resumed }) {
    const served = await upkeep.serveDeadlines(shard, takenAgain, batch)
    if (served.ended > 0) mended('deadline', served.ended)
    if (served.resumed > 0) resumed(served.resumed)
    throwFirst(served.failures)
  },

  async answers(shard, { upkeep, mended }) {
    const answered = await upkeep.serveAnswers(shard, takenAgain, batch)
    if (answered > 0) mended('answered', answered)
  },

  async 'deleted agents'(shard, { store, upkeep, mended }) {
    await each(await upkeep.deletedAgents(shard), async (agent) => {
      const served = await endTasksOfAgent(agent, { store, upkeep, shard })
      if (served > 0) mended('agent-deleted', served)
      else await upkeep.agentDone(shard, agent.agentId, lateSubmit)
    })
  },
}

/** Serves them all before it rejects: those after a failed one would wait until they are due again. */
async function each<T>(
  items: T[],
  serve: (item: T) => Promise<void>,
  failures: unknown[] = [],
): Promise<void> {
  for (const item of items) await serve(item).catch((error: unknown) => failures.push(error))
  throwFirst(failures)
}

function throwFirst(failures: unknown[]): void {
  if (failures.length > 0) throw failures[0]
}
