import { limits, type Queue, type TaskStore, type Maintenance } from '@longhaul/core'
import { endTasksOfAgent } from '@longhaul/tasks'
import type { Pass } from './run-chores.ts'

export type ReconcileDeps = {
  store: TaskStore
  maintenance: Maintenance
  queue: Queue
  shards: number
  /** Called with the kind and the number of repairs. Never called in a healthy system. */
  repaired: (kind: Repair, count: number) => void
  /** Called with the number of parked turns that were requeued because their time has come. */
  resumed: (count: number) => void
}

export type Repair = 'answered' | 'enqueued' | 'lease-expired' | 'deadline' | 'agent-deleted'

/** The maximum number of items of each kind in a pass. */
const batch = limits.maintenance.batch
/** The interval of checks whether a turn in the outbox has a job. */
const outboxRetryMs = limits.maintenance.outboxRetryMs
/** A worker that takes a turn over from a dead worker may also die before it has added the job. */
const takenRetryMs = limits.maintenance.takenRetryMs
/** A submit that resolved its agent before the deletion has finished by then. */
const lateSubmit = limits.maintenance.lateSubmit

/**
 * Repairs the effects of a process that died between two steps: lost jobs, turns of dead workers, missed deadlines. A
 * stage that fails does not stop the others.
 */
export function reconcile(deps: ReconcileDeps) {
  return async ({ signal, failed }: Pass): Promise<void> => {
    for (let shard = 0; shard < deps.shards; shard += 1) {
      for (const [stage, run] of Object.entries(stages)) {
        if (signal.aborted) return
        await run(shard, deps).catch((error: unknown) => failed(error, { shard, stage }))
      }
    }
  }
}

/** The stages of a pass for each shard, in order. */
const stages: Record<string, (shard: number, deps: ReconcileDeps) => Promise<void>> = {
  async leases(shard, { maintenance, queue, repaired }) {
    const { jobs, failures } = await maintenance.expireLeases(shard, takenRetryMs, batch)
    if (jobs.length > 0) repaired('lease-expired', jobs.length)
    await serveAll(jobs, (job) => queue.enqueue(job), failures)
  },

  async outbox(shard, { maintenance, queue, repaired }) {
    const due = await maintenance.dueOutbox(shard, outboxRetryMs, batch)
    // In a long queue a turn and its job wait for a long time. Only a lost job is a repair.
    let lost = 0
    try {
      await serveAll(due, async (job) => {
        if (await queue.restore(job)) lost += 1
      })
    } finally {
      if (lost > 0) repaired('enqueued', lost)
    }
  },

  async deadlines(shard, { maintenance, repaired, resumed }) {
    const served = await maintenance.serveDeadlines(shard, takenRetryMs, batch)
    if (served.ended > 0) repaired('deadline', served.ended)
    if (served.resumed > 0) resumed(served.resumed)
    throwFirst(served.failures)
  },

  async answers(shard, { maintenance, repaired }) {
    const answered = await maintenance.serveAnswers(shard, takenRetryMs, batch)
    if (answered > 0) repaired('answered', answered)
  },

  async 'deleted agents'(shard, { store, maintenance, repaired }) {
    await serveAll(await maintenance.deletedAgents(shard), async (agent) => {
      const served = await endTasksOfAgent(agent, { store, maintenanceStore: maintenance, shard })
      if (served > 0) repaired('agent-deleted', served)
      else await maintenance.agentDone(shard, agent.agentId, lateSubmit)
    })
  },
}

/** Serves all items before it rejects: otherwise those after a failed item would wait until they are due again. */
async function serveAll<T>(
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
