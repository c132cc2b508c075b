import type { Attempt } from '@longhaul/core'

/** Why an attempt must stop what it is doing; a reason further on has the last word over those before it. */
const reasons = ['cancel', 'drain', 'lost'] as const
export type StopReason = (typeof reasons)[number]

/** What an attempt's signal is aborted with. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly reason: StopReason

  constructor(reason: StopReason, message: string) {
    super(message)
    this.reason = reason
  }
}

export type RunningAttempt = ReturnType<typeof createAttempt>

/** One run at a turn and its one AbortSignal. */
export function createAttempt(ref: Attempt) {
  const controller = new AbortController()
  let stopped: Stopped | undefined
  let mineUntil = Infinity
  let leaving = false
  let resting = false

  function stop(reason: StopReason, message: string): Stopped {
    if (reason === 'drain') leaving = true
    if (stopped === undefined || outweighs(reason, stopped.reason)) {
      stopped = new Stopped(reason, message)
    }
    controller.abort(stopped)
    return stopped
  }

  return {
    ref,
    signal: controller.signal,
    stop,
    stopped: () => stopped,

    lose: (message: string): Stopped => stop('lost', message),

    /** Until when the turn is surely this attempt's, on `performance.now`'s clock. */
    keepUntil(time: number): void {
      mineUntil = time
    },

    /**
     * Stands before every side effect. A process that was frozen may read an old reply before its
     * timers tell it how late it is, so the clock is asked, too.
     */
    throwIfLost(): void {
      if (performance.now() >= mineUntil) stop('lost', 'no heartbeat came through in time')
      if (stopped?.reason === 'lost') throw stopped
    },

    isResting: () => resting,

    /** While `wait` goes on nothing is in flight that another attempt would have to repeat. */
    async rest(wait: () => Promise<void>): Promise<void> {
      resting = true
      try {
        await wait()
      } finally {
        resting = false
      }
    },

    /** Stands before every further try to reach a store that did not answer well. */
    throwIfLeaving(): void {
      if (leaving && stopped !== undefined) throw stopped
    },

    /** Every reply of the store says whether the turn is to be cancelled. */
    receive(reply: { cancelRequested: boolean }): void {
      if (reply.cancelRequested && stopped === undefined) stop('cancel', 'the turn was cancelled')
    },
  }
}

function outweighs(reason: StopReason, other: StopReason): boolean {
  return reasons.indexOf(reason) > reasons.indexOf(other)
}
