import {
  hasEnded,
  limits,
  type TaskStore,
  type TaskView,
  type TurnRef,
  type Wake,
} from '@longhaul/core'
import { waitForEnd } from './wait.ts'

type Ports = { store: TaskStore; wake: Wake }

/**
 * Cancels a task's turn and waits up to `waitMs` milliseconds until it has ended. What has ended stays
 * what it is, so twice is as once. Resolves with the task as it is then, and whether that turn has
 * ended; undefined when the task is gone.
 */
export async function cancelTurn(
  turn: TurnRef,
  { waitMs, signal, store, wake }: Ports & { waitMs: number; signal: AbortSignal },
): Promise<{ view: TaskView; ended: boolean } | undefined> {
  const options = { reason: 'the caller asked for it', graceMs: limits.cancelGrace }
  const outcome = await store.cancel(turn, options)
  if (outcome === 'stopping' && waitMs > 0) {
    await waitForEnd(turn, { store, wake, ms: waitMs, signal })
  }
  const view = await store.view(turn.taskId)
  return view && { view, ended: view.turn > turn.turn || hasEnded(view.status) }
}
