import type { WaitingKind } from './waiting.ts'

/** What keeps queued turns from starting, besides the number of slots. */
export const blockingKinds = [
  'no_worker',
  'workspace_running',
  'fairness_key_running',
  'model_requests',
  'model_tokens',
  'budget',
  'paused',
  'start_at',
  'repair',
] as const satisfies WaitingKind[]
export type BlockingKind = (typeof blockingKinds)[number]

/** How many slots the turns of an installation, or of a part of it, could use now. */
export type Demand = {
  running: number
  /** Queued turns that would start if there were a slot for each of them. */
  startable: number
  /** The other queued turns, by what keeps them from starting. */
  blocked: Record<BlockingKind, number>
  /** How long the next turn that could start has waited, milliseconds; 0 if there is none. */
  waitMs: number
}

/** The queued turns of a workspace. */
export type WorkspaceQueue = {
  queued: number
  running: number
  limit: number | undefined
  isPaused: boolean
  /** The turns that the limits of its fairness keys let start. */
  open: number
  /** The turns that wait for the rates of their models. */
  modelRequests: number
  modelTokens: number
  /** How long its next turn has waited, milliseconds. */
  waitMs: number
}

export function noDemand(): Demand {
  const blocked = Object.fromEntries(blockingKinds.map((kind) => [kind, 0]))
  return {
    running: 0,
    startable: 0,
    blocked: blocked as Record<BlockingKind, number>,
    waitMs: 0,
  }
}

/** The demand of a workspace, apart from its running turns. What a limit blocks is no demand. */
export function demandOf(queue: WorkspaceQueue): Demand {
  const { queued, running, limit = Infinity, isPaused, open, waitMs } = queue
  const { modelRequests, modelTokens } = queue
  const demand = noDemand()
  if (isPaused) {
    demand.blocked.paused = queued
    return demand
  }
  demand.startable = Math.min(open, Math.max(0, limit - running))
  demand.blocked.workspace_running = open - demand.startable
  demand.blocked.model_requests = modelRequests
  demand.blocked.model_tokens = modelTokens
  demand.blocked.fairness_key_running = Math.max(0, queued - open - modelRequests - modelTokens)
  if (demand.startable > 0) demand.waitMs = waitMs
  return demand
}

/** The demand while a shard is paused: nothing starts, whatever else blocks it. */
export function pausedDemand(demand: Demand): Demand {
  const paused = queuedOf(demand)
  const none = noDemand()
  return { ...none, running: demand.running, blocked: { ...none.blocked, paused } }
}

export function addDemand(a: Demand, b: Demand): Demand {
  const blocked = noDemand().blocked
  for (const kind of blockingKinds) blocked[kind] = a.blocked[kind] + b.blocked[kind]
  return {
    running: a.running + b.running,
    startable: a.startable + b.startable,
    blocked,
    waitMs: Math.max(a.waitMs, b.waitMs),
  }
}

export function queuedOf({ startable, blocked }: Demand): number {
  return blockingKinds.reduce((sum, kind) => sum + blocked[kind], startable)
}
