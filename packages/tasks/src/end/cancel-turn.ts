import {
  hasEnded,
  limits,
  type TaskStore,
  type TaskView,
  type TurnRef,
  type Wake,
} from '@longhaul/core'
import { waitForEnd } from '../watch/wait-for-end.ts'

/** A little longer than the grace in which a worker must stop. */
const slice = limits.cancelGrace + 250

type Ports = { store: TaskStore; wake: Wake }

/**
 * Cancels a turn and waits for its end, up to `waitMs` milliseconds. Idempotent: a turn that has ended stays
 * unchanged. Resolves with the task as it is then, and whether that turn has ended; undefined when the task is gone.
 */
export async function cancelTurn(
  turn: TurnRef,
  { waitMs, signal, store, wake }: Ports & { waitMs: number; signal: AbortSignal },
): Promise<{ view: TaskView; ended: boolean } | undefined> {
  const options = { reason: 'the caller asked for it', graceMs: limits.cancelGrace }
  let outcome = await store.cancel(turn, options)
  for (let left = waitMs; outcome === 'stopping' && left > 0 && !signal.aborted; left -= slice) {
    const ms = Math.min(left, slice)
    if ((await waitForEnd(turn, { store, wake, ms, signal })) !== undefined) break
    // The worker may have died: after the grace, this call ends the turn.
    outcome = await store.cancel(turn, options)
  }
  const view = await store.view(turn.taskId)
  return view && { view, ended: view.turn > turn.turn || hasEnded(view.status) }
}
