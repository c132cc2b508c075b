import type { Job, Queue, TaskStore, Upkeep } from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import { cancelTasksOfAgent } from '@longhaul/tasks'

type Options = {
  store: TaskStore
  upkeep: Upkeep
  queue: Queue
  shards: number
  everyMs: number
  log: Logger
  /** Told what was mended, by kind; stays silent in a healthy system, but for jobs that wait in a long queue. */
  mended: (kind: Repair, count: number) => void
  /** Told how many parked turns were queued again, since their time had come. */
  resumed: (count: number) => void
}

type Repair = 'answered' | 'enqueued' | 'lease-expired' | 'deadline' | 'agent-deleted'

/** How much of each kind one pass serves. */
const batch = 500
/** A turn in the outbox gets its job again this often: adding a job that exists changes nothing. */
const outboxAgain = 30_000
/** Whoever takes a turn from a dead worker may die, too, before it has added the job. */
const takenAgain = 5_000
/** A submit that resolved its agent before the deletion has come through by then. */
const lateSubmit = 60_000

/** Mends, every now and then, what a death between two steps has left: lost jobs, dead workers' turns, missed deadlines; and forgets what was kept for long enough. */
export function startReconciler(options: Options) {
  const { shards, everyMs, log } = options
  let lastPass = performance.now()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  async function pass(): Promise<void> {
    try {
      for (let shard = 0; shard < shards; shard += 1) await mend(shard, options)
      lastPass = performance.now()
    } catch (error) {
      log.warn({ err: error }, 'reconcile pass failed')
    }
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

async function mend(shard: number, options: Options): Promise<void> {
  const { store, upkeep, queue, mended } = options
  const expired = await upkeep.expireLeases(shard, takenAgain, batch)
  await enqueueAll(expired, queue)
  if (expired.length > 0) mended('lease-expired', expired.length)

  const due = await upkeep.dueOutbox(shard, outboxAgain, batch)
  await enqueueAll(due, queue)
  if (due.length > 0) mended('enqueued', due.length)

  const { ended, resumed } = await upkeep.serveDeadlines(shard, takenAgain, batch)
  if (ended > 0) mended('deadline', ended)
  if (resumed > 0) options.resumed(resumed)

  const answered = await upkeep.serveAnswers(shard, takenAgain, batch)
  if (answered > 0) mended('answered', answered)

  for (const agentId of await upkeep.deletedAgents(shard)) {
    const served = await cancelTasksOfAgent(agentId, { store, upkeep, shard })
    if (served > 0) mended('agent-deleted', served)
    else await upkeep.agentDone(shard, agentId, lateSubmit)
  }

  await upkeep.forgetDue(shard, batch)
}

/** Tries them all before it rejects: those after a failed one would wait until they are due again. */
async function enqueueAll(jobs: Job[], queue: Queue): Promise<void> {
  const failures: unknown[] = []
  for (const job of jobs) await queue.enqueue(job).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
