import type { Attempt, Status, TaskStore } from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import type { JobOutcome } from '@longhaul/redis'
import type { Stopped } from './attempt.ts'
import { released, type TurnEnd } from './turn-end.ts'
import { unlessUnavailable } from './unless-unavailable.ts'

export type FinishDeps = {
  store: TaskStore
  log: Logger
  /** Whether a lease that is lost now was lost because the event loop was blocked. */
  wasBlocked: () => boolean
  /** Called when a turn has ended in this process. */
  ended: (status: Status) => void
  /** Called when a turn was parked. */
  parked: () => void
}

/** Returns the outcome of the job of a turn whose attempt is over. */
export async function finishTurn(
  end: TurnEnd,
  ref: Attempt,
  deps: FinishDeps,
): Promise<JobOutcome> {
  if (end.type === 'released') return await release(end, ref, deps)
  if (end.type === 'parked') {
    deps.parked()
    deps.log.info({ status: 'parked' }, 'turn parked')
  } else {
    deps.ended(end.status)
    deps.log.info({ status: end.status }, 'turn ended')
  }
  return { type: 'done' }
}

/** The same for a stopped attempt: the worker shuts down, or the attempt has lost the turn. */
export async function finishStopped(
  { reason, message }: Stopped,
  { ref, alone }: { ref: Attempt; alone: boolean },
  deps: FinishDeps,
): Promise<JobOutcome> {
  if (reason === 'drain') return await release(released, ref, deps)
  deps.log.warn({ why: message }, 'turn lost')
  if (!deps.wasBlocked()) return { type: 'done' }
  // The turn may have blocked the event loop: that counts as much as a crash.
  const reply = await deps.store.release(ref, alone ? 'alone' : 'died').catch(unlessUnavailable)
  return { type: reply?.released === true ? 'hand-back' : 'done' }
}

/** Releases the turn for the next worker that takes its job, at once or after a delay. */
async function release(
  { afterMs }: Extract<TurnEnd, { type: 'released' }>,
  ref: Attempt,
  { store, log }: FinishDeps,
): Promise<JobOutcome> {
  const reply = await store.release(ref).catch(unlessUnavailable)
  if (reply === undefined) log.warn('turn left until its lease expires')
  else log.info(reply, 'turn released')
  return afterMs === undefined ? { type: 'hand-back' } : { type: 'delay', ms: afterMs }
}
