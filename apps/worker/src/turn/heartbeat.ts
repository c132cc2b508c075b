import type { TaskStore } from '@longhaul/core'
import type { RunningAttempt } from './attempt.ts'

type Options = {
  attempt: RunningAttempt
  store: Pick<TaskStore, 'beat'>
  lockMs: number
  /** The time when the claim was sent, on the clock of `performance.now`. */
  claimedAt: number
}

/**
 * Keeps a turn for its attempt: extends the lease every quarter of the lock time. If no beat that the store accepted was
 * sent within 80 % of the lock time, the attempt is stopped before it can do harm: another attempt may have the turn by
 * then.
 */
export function startHeartbeat({ attempt, store, lockMs, claimedAt }: Options) {
  let stopped = false
  let until = 0
  let deadline: NodeJS.Timeout | undefined
  keep(claimedAt)
  const beats = setInterval(() => void beat(), lockMs / 4)

  /** The turn is kept until 80 % of the lock time after an accepted request was sent. */
  function keep(sentAt: number): void {
    until = sentAt + lockMs * 0.8
    attempt.keepUntil(until)
    clearTimeout(deadline)
    deadline = undefined
    // Otherwise the next beat sets the timer: most turns end before.
    if (until - performance.now() < lockMs / 2) watchDeadline()
  }

  function watchDeadline(): void {
    if (stopped) return
    const left = until - performance.now()
    deadline ??= setTimeout(() => attempt.lose('no heartbeat came through in time'), left)
  }

  async function beat(): Promise<void> {
    const sentAt = performance.now()
    watchDeadline()
    try {
      const reply = await store.beat(attempt.ref, lockMs)
      if (stopped) return
      if (!reply.alive) attempt.lose('another attempt has the turn')
      attempt.receive(reply)
      if (reply.alive) keep(sentAt)
    } catch {
      // No reply is no acceptance: the deadline stays, and the connection reports its own errors.
    }
  }

  return {
    /** Sends a beat at once: after a wait, the attempt learns whether it still has the turn. */
    beat,
    stop(): void {
      stopped = true
      clearInterval(beats)
      clearTimeout(deadline)
    },
  }
}

export type Heartbeat = ReturnType<typeof startHeartbeat>
