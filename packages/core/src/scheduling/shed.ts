import { LonghaulError } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'
import { retryAfterSeconds } from './refuse-submit.ts'

/**
 * New work by how soon an overloaded system refuses it: new tasks for whose end nobody waits, then those with a waiting
 * caller, then further turns of tasks that exist.
 */
export const workKinds = ['background', 'awaited', 'continuation'] as const
export type WorkKind = (typeof workKinds)[number]

/** A submit that may be refused. */
export type NewWork = { workspace: string; fairnessKey: string; kind: WorkKind }

/** The load of the system, as far as it refuses work. */
export type Load = {
  /** The memory of Redis in relation to its limit; 0 without a limit. */
  memory: number
  /** How late the event loop of this process has been all the time lately: milliseconds. */
  lagMs: number
  /** How long the first turn that could start has waited, among those with the fairness key of the new work. */
  waitedMs: number
}

/** The name of a reason in a refusal. */
export type ShedPolicy = 'store_memory' | 'event_loop' | 'queue_time'

/** Why work of this kind is refused. Each kind is refused at a higher load than the one before it. */
export function whyShed(load: Load, kind: WorkKind, shedAfterMs: number): ShedPolicy[] {
  const { memory, lag, queueTimes } = limits.shed
  const reasons: [ShedPolicy, boolean][] = [
    // Above its limit, Redis itself refuses writes, and says so.
    ['store_memory', load.memory > memory[kind] && load.memory < 1],
    ['event_loop', load.lagMs > lag[kind]],
    ['queue_time', load.waitedMs > shedAfterMs * queueTimes[kind]],
  ]
  return reasons.filter(([, isReached]) => isReached).map(([policy]) => policy)
}

/** The error for work that an overloaded system refuses. Nothing was stored. */
export function overloaded(policies: ShedPolicy[], random: () => number): LonghaulError {
  const why = policies.map((policy) => messages[policy]).join(', ')
  return new LonghaulError(
    'overloaded',
    `The system is overloaded: ${why}. It takes no new work of this kind now: send the request again after Retry-After.`,
    {
      details: { violated_policies: policies },
      retryAfterSeconds: retryAfterSeconds(limits.shed.retry, random),
    },
  )
}

const messages: Record<ShedPolicy, string> = {
  store_memory: 'the memory of the task store is almost used up',
  event_loop: 'this process has more requests than it can serve',
  queue_time: 'turns wait too long for a worker',
}
