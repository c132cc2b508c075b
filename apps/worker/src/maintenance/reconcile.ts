import {
  limits,
  type Maintenance,
  type ScheduleStore,
  type TaskStore,
  type Tickets,
} from '@longhaul/core'
import { endTasksOfAgent } from '@longhaul/tasks'
import type { Pass } from './run-chores.ts'

export type ReconcileDeps = {
  store: TaskStore
  maintenance: Maintenance
  schedules: Pick<ScheduleStore, 'removeOfAgent'>
  tickets: Tickets
  shards: number
  /** Whether this process could run one more turn. */
  hasFreeSlot: () => boolean
  /** Called with the kind and the number of repairs. Never called in a healthy system. */
  repaired: (kind: Repair, count: number) => void
  /** Called with the number of parked turns that were queued because their time has come. */
  resumed: (count: number) => void
}

export type Repair =
  | 'answered'
  | 'adopted'
  | 'enqueued'
  | 'corrected'
  | 'requeued'
  | 'lease-expired'
  | 'deadline'
  | 'agent-deleted'

/** The maximum number of items of each kind in a pass, and of workspaces that are checked. */
const { batch, workspaces: checked } = limits.maintenance
/** A worker that takes an answer to deliver may die before it has done so. */
const takenRetryMs = limits.maintenance.takenRetryMs
/** A submit that resolved its agent before the deletion has finished by then. */
const lateSubmit = limits.maintenance.lateSubmit
/** The shortest pause before the next pass, milliseconds. */
const soonest = 200

/**
 * Repairs the effects of a process that died between two steps: lost tickets, turns of dead workers, missed deadlines. A
 * stage that fails does not stop the others. Resolves with the milliseconds until something is due.
 */
export function reconcile(deps: ReconcileDeps) {
  const allStages = { ...stages, tickets: ticketStage(deps.shards) }
  return async ({ signal, failed }: Pass): Promise<number | void> => {
    let nextMs = Infinity
    for (let shard = 0; shard < deps.shards; shard += 1) {
      for (const [stage, run] of Object.entries(allStages)) {
        if (signal.aborted) return undefined
        try {
          nextMs = Math.min(nextMs, (await run(shard, deps)) ?? Infinity)
        } catch (error) {
          failed(error, { shard, stage })
        }
      }
    }
    return nextMs === Infinity ? undefined : Math.max(soonest, nextMs)
  }
}

type Stage = (shard: number, deps: ReconcileDeps) => Promise<number | void>

/**
 * Adds a ticket when a turn can start and none waits. A ticket that waits may be useless, for example because Redis has
 * lost its job: if turns could start and this process had a free slot for a whole pass, one is added in any case.
 */
function ticketStage(shards: number): Stage {
  const wasIdle = Array.from({ length: shards }, () => false)
  return async (shard, { maintenance, tickets, hasFreeSlot, repaired }) => {
    const { isStartable, waiting, returnsInMs } = await maintenance.findWork(shard)
    const isIdle = isStartable && hasFreeSlot()
    if (isStartable && (waiting === 0 || (isIdle && wasIdle[shard]))) {
      await tickets.add(shard)
      repaired('enqueued', 1)
    }
    wasIdle[shard] = isIdle
    return returnsInMs
  }
}

/** The stages of a pass for each shard, in order. Each may return the milliseconds until something is due. */
const stages: Record<string, Stage> = {
  async leases(shard, { maintenance, repaired }) {
    const { expired, failures } = await maintenance.expireLeases(shard, batch)
    if (expired > 0) repaired('lease-expired', expired)
    throwFirst(failures)
  },

  async former(shard, { maintenance, repaired }) {
    const { adopted, isMoreLeft } = await maintenance.adopt(shard, batch)
    if (adopted > 0) repaired('adopted', adopted)
    return isMoreLeft ? 0 : undefined
  },

  async workspaces(shard, { maintenance, repaired }) {
    const corrections = await maintenance.checkWorkspaces(shard, checked)
    if (corrections > 0) repaired('corrected', corrections)
    const requeued = await maintenance.recheckTurns(shard, batch)
    if (requeued > 0) repaired('requeued', requeued)
  },

  async deadlines(shard, { maintenance, repaired, resumed }) {
    const served = await maintenance.serveDeadlines(shard, batch)
    if (served.ended > 0) repaired('deadline', served.ended)
    if (served.resumed > 0) resumed(served.resumed)
    throwFirst(served.failures)
    return await maintenance.nextDue(shard)
  },

  async expiries(shard, { maintenance }) {
    throwFirst((await maintenance.serveExpiries(shard, batch)).failures)
  },

  async starts(shard, { maintenance }) {
    for (;;) {
      const { queued, nextInMs } = await maintenance.queueDue(shard, batch)
      if (queued < batch) return nextInMs
    }
  },

  async answers(shard, { maintenance, repaired }) {
    const answered = await maintenance.serveAnswers(shard, takenRetryMs, batch)
    if (answered > 0) repaired('answered', answered)
  },

  async 'deleted agents'(shard, { store, maintenance, schedules, repaired }) {
    const ports = { store, maintenanceStore: maintenance, schedules, shard }
    await serveAll(await maintenance.deletedAgents(shard), async (agent) => {
      const served = await endTasksOfAgent(agent, ports)
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
