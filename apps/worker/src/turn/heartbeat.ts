import type { JobLock } from '@longhaul/redis'
import type { TaskStore } from '@longhaul/core'
import type { RunningAttempt } from './attempt.ts'

type Options = {
  attempt: RunningAttempt
  lock: JobLock
  store: TaskStore
  lockMs: number
  /** When the claim was sent, on `performance.now`'s clock. */
  claimedAt: number
}

/**
 * Keeps a turn for its attempt: our lease and BullMQ's lock are prolonged side by side, every quarter
 * of the lock. When no beat to which the store said yes was sent within 80 % of the lock, the attempt
 * is stopped before it can do harm: somebody else may have the turn by then. The lock has no say:
 * a full Redis refuses it and not the lease, and whoever gets the job meanwhile finds the lease.
 */
export function startHeartbeat({ attempt, lock, store, lockMs, claimedAt }: Options) {
  let stopped = false
  let deadline = arm(claimedAt)
  const beats = setInterval(() => void beat(), lockMs / 4)

  function arm(sentAt: number): NodeJS.Timeout {
    const until = sentAt + lockMs * 0.8
    attempt.keepUntil(until)
    const left = until - performance.now()
    return setTimeout(() => attempt.lose('no heartbeat came through in time'), left)
  }

  async function beat(): Promise<void> {
    const sentAt = performance.now()
    void lock.extend(lockMs).catch(() => {})
    try {
      const reply = await store.beat(attempt.ref, lockMs)
      if (stopped) return
      if (!reply.alive) attempt.lose('another attempt has the turn')
      attempt.receive(reply)
      if (!reply.alive) return
      clearTimeout(deadline)
      deadline = arm(sentAt)
    } catch {
      // No answer is no yes: the deadline stands, and the connection reports its own trouble.
    }
  }

  return {
    /** One more beat at once: whoever has waited learns whether the turn is still its own. */
    beat,
    stop(): void {
      stopped = true
      clearInterval(beats)
      clearTimeout(deadline)
    },
  }
}

export type Heartbeat = ReturnType<typeof startHeartbeat>
