import type { Attempt, TaskStore, Wake } from '@longhaul/core'
import { createAttempt } from './attempt.ts'
import type { Drain } from './drain.ts'
import { startHeartbeat } from './heartbeat.ts'

export type HoldDeps = { store: TaskStore; drain: Drain; wake: Wake; lockMs: number }
export type TurnHold = ReturnType<typeof holdTurn>

/** Holds a claimed turn in this process: a heartbeat extends its lease, and a drain or a cancel reaches it. */
export function holdTurn(
  ref: Attempt,
  claimedAt: number,
  { store, drain, wake, lockMs }: HoldDeps,
) {
  const attempt = createAttempt(ref)
  const heartbeat = startHeartbeat({ attempt, store, lockMs, claimedAt })
  const leave = drain.enter(attempt)
  const unwatch = wake.watch(ref.taskId, (kind) => {
    // A notification may be old and belong to an earlier turn of the task, so the store is asked.
    if (kind === 'cancel' || kind === undefined) void heartbeat.beat()
  })
  return {
    attempt,
    heartbeat,
    letGo(): void {
      heartbeat.stop()
      leave()
      unwatch()
    },
  }
}
