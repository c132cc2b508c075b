import type { Attempt, Status, TaskStore, TurnTimes } from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import type { Stopped } from './attempt.ts'
import { type AfterEnd, released, type TurnEnd } from './turn-end.ts'
import { unlessUnavailable } from './unless-unavailable.ts'

export type FinishDeps = {
  store: TaskStore
  /** Whether a lease that is lost now was lost because the event loop was blocked. */
  wasBlocked: () => boolean
  /** Called when a turn has ended in this process. */
  ended: (status: Status, times?: TurnTimes) => void
  /** Called when a turn was parked. */
  parked: () => void
}

/** An attempt, and the logger of its turn. */
type Finished = { ref: Attempt; log: Logger }

/** Completes the end of an attempt. */
export async function finishTurn(
  end: TurnEnd,
  finished: Finished,
  deps: FinishDeps,
): Promise<AfterEnd> {
  const { log } = finished
  if (end.type === 'released') {
    await release(end, finished, deps)
    return {}
  }
  if (end.type === 'parked') {
    deps.parked()
    log.info({ status: 'parked' }, 'turn parked')
  } else {
    deps.ended(end.status, end.times)
    log.info({ status: end.status }, 'turn ended')
  }
  return end
}

/** The same for a stopped attempt: the worker shuts down, or the attempt has lost the turn. */
export async function finishStopped(
  { reason, message }: Stopped,
  { ref, log, alone }: Finished & { alone: boolean },
  deps: FinishDeps,
): Promise<void> {
  if (reason === 'drain') return await release(released, { ref, log }, deps)
  log.warn({ why: message }, 'turn lost')
  if (!deps.wasBlocked()) return
  // The turn may have blocked the event loop: that counts as much as a crash.
  const report = alone ? 'alone' : 'died'
  await deps.store.release(ref, report).catch(unlessUnavailable)
}

/** Releases the turn for the next worker, at once or after a while. */
async function release(
  { afterMs, closed }: Extract<TurnEnd, { type: 'released' }>,
  { ref, log }: Finished,
  { store }: FinishDeps,
): Promise<void> {
  if (closed !== undefined) {
    const { modelClass, wait } = closed
    const reply = await store.closeClass(ref, modelClass, wait).catch(unlessUnavailable)
    if (reply === undefined) log.warn('turn left until its lease expires')
    else log.info({ ...wait, ...reply }, 'model class closed')
    return
  }
  const reply = await store.release(ref, undefined, afterMs).catch(unlessUnavailable)
  if (reply === undefined) log.warn('turn left until its lease expires')
  else log.info(reply, 'turn released')
}
