import {
  type ClaimReply,
  type Job,
  limits,
  type LogReservation,
  type LogMemory,
  type TaskStore,
} from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import type { JobOutcome } from '@longhaul/redis'
import { unlessUnavailable } from './unless-unavailable.ts'

export type Claim = Extract<ClaimReply, { outcome: 'claimed' }>
export type SuspectClaim = Extract<ClaimReply, { outcome: 'suspect' }>
type Refused = Exclude<ClaimReply, { outcome: 'claimed' | 'large' }>

/** A claim and the capacity for its log, a suspect that needs its own process, or else the outcome of the job. */
export type Claimed =
  | { type: 'claimed'; claim: Claim; place: LogReservation }
  | { type: 'suspect'; suspect: SuspectClaim }
  | JobOutcome

type Options = {
  store: TaskStore
  lockMs: number
  logs: LogMemory
  /** Whether this process runs only this turn. */
  alone: boolean
  log: Logger
}

/** Claims the turn of a job, if there is capacity for its log. */
export async function claimTurn(job: Job, attempt: string, options: Options): Promise<Claimed> {
  const reply = await claimWithRoom(job, attempt, options).catch(unlessUnavailable)
  if (reply === undefined) return { type: 'delay', ms: limits.unavailableDelay }
  return 'type' in reply ? reply : refusalOf(reply, job, options)
}

/** Reserves the capacity for a log that may be large before the log is loaded. */
async function claimWithRoom(
  job: Job,
  attempt: string,
  { store, lockMs, logs, alone }: Options,
): Promise<Extract<Claimed, { type: 'claimed' | 'delay' }> | Refused> {
  const capacity = limits.liveBytes.smallLog
  const first = await store.claim(job, attempt, lockMs, { alone, capacity })
  if (first.outcome === 'claimed') {
    return { type: 'claimed', claim: first, place: logs.add(first.workspace, first.held) }
  }
  if (first.outcome !== 'large') return first
  const place = logs.enter(job.taskId, first.workspace, first.bytes)
  if ('waitMs' in place) return { type: 'delay', ms: place.waitMs }
  try {
    const claim = await store.claim(job, attempt, lockMs, { alone })
    if (claim.outcome === 'claimed') return { type: 'claimed', claim, place }
    place.leave()
    // Without a limit no log is too large.
    return claim.outcome === 'large' ? { outcome: 'stale' } : claim
  } catch (error) {
    place.leave()
    throw error
  }
}

function refusalOf(reply: Refused, job: Job, { log }: Options): Claimed {
  switch (reply.outcome) {
    case 'stale':
      return { type: 'done' }
    case 'busy':
      return { type: 'delay', ms: reply.inMs + 50 }
    case 'newer':
      log.info({ taskId: job.taskId, turn: job.turn }, 'turn left to a newer version')
      return { type: 'delay', ms: limits.newerDelay }
    case 'suspect':
      return { type: 'suspect', suspect: reply }
  }
}
