import type { Attempt } from '@longhaul/core'

/** The reasons why an attempt must stop. A later reason in the list takes precedence over an earlier one. */
const reasons = ['cancel', 'drain', 'lost'] as const
export type StopReason = (typeof reasons)[number]

/** The abort reason of an attempt's signal. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly reason: StopReason

  constructor(reason: StopReason, message: string) {
    super(message)
    this.reason = reason
  }
}

export type RunningAttempt = ReturnType<typeof createAttempt>

/** One attempt at a turn, with its AbortSignal. */
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

    /** The time until which the attempt certainly has the turn, on the clock of `performance.now`. */
    keepUntil(time: number): void {
      mineUntil = time
    },

    /**
     * Called before every side effect. A process that was frozen may read an old reply before its timers fire, so this
     * also checks the clock.
     */
    throwIfLost(): void {
      if (performance.now() >= mineUntil) stop('lost', 'no heartbeat came through in time')
      if (stopped?.reason === 'lost') throw stopped
    },

    isResting: () => resting,

    /** While `wait` runs, nothing is in flight that another attempt would have to repeat. */
    async rest(wait: () => Promise<void>): Promise<void> {
      resting = true
      try {
        await wait()
      } finally {
        resting = false
      }
    },

    /** Called before every retry of a store operation that failed. */
    throwIfLeaving(): void {
      if (leaving && stopped !== undefined) throw stopped
    },

    /** Called with each reply of the store, which has whether a cancel was requested. */
    receive(reply: { cancelRequested: boolean }): void {
      if (reply.cancelRequested && stopped === undefined) stop('cancel', 'the turn was cancelled')
    },
  }
}

function outweighs(reason: StopReason, other: StopReason): boolean {
  return reasons.indexOf(reason) > reasons.indexOf(other)
}
