import type { Attempt } from '@longhaul/core'

/** Why an attempt must stop what it is doing. */
export type StopReason = 'cancel' | 'drain' | 'lost'

/** What an attempt's signal is aborted with. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly reason: StopReason

  constructor(reason: StopReason, message: string) {
    super(message)
    this.reason = reason
  }
}

export type Attempted = ReturnType<typeof createAttempt>

/** One run at a turn and its one AbortSignal. Losing the turn is final; a cancel or a drain may come before it. */
export function createAttempt(ref: Attempt) {
  const controller = new AbortController()
  let stopped: Stopped | undefined
  let mineUntil = Infinity

  function stop(reason: StopReason, message: string): Stopped {
    if (stopped === undefined || reason === 'lost') stopped = new Stopped(reason, message)
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

    /** Every reply of the store tells whether somebody wants the turn to stop. */
    hear(reply: { cancelRequested: boolean }): void {
      if (reply.cancelRequested && stopped === undefined) stop('cancel', 'the turn was cancelled')
    },
  }
}
