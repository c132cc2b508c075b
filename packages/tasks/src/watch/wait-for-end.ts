import {
  type Fact,
  fold,
  hasEnded,
  LonghaulError,
  type Result,
  resultOf,
  type TaskStore,
  type TurnRef,
  type Wake,
} from '@longhaul/core'
import { createEndWatch, type EndWatch } from './end-watch.ts'
import { createWakeSignal } from './wake-signal.ts'
import { beforeNext } from '../find/turn-facts.ts'
import { readOrRetry } from './retry-while-unavailable.ts'

/**
 * Waits until a turn has ended; undefined when it has not ended after `ms` milliseconds, if there is a limit, or when
 * the signal was aborted. Rejects with not_found when the task is deleted meanwhile. The first read comes after the
 * registration for notifications, so that no end is missed between the two. It is left out with a watch that began before
 * the turn was stored.
 */
export async function waitForEnd(
  { taskId, turn }: TurnRef,
  options: {
    store: TaskStore
    wake: Wake
    ms?: number
    signal: AbortSignal
    /** A watch that began before the turn was stored. */
    watch?: EndWatch | undefined
  },
): Promise<Result | undefined> {
  const { store, wake, signal } = options
  const wakeUps = createWakeSignal(signal, options.ms)
  const watch = options.watch?.watches(taskId) ? options.watch : createEndWatch(wake)
  let mayHaveEnded = watch !== options.watch
  watch.begin(taskId)
  watch.onWoken(wakeUps.wake)
  try {
    for (;;) {
      const found = mayHaveEnded
        ? await readOrRetry(wakeUps, () => readEnd({ taskId, turn }, store))
        : undefined
      mayHaveEnded = true
      if (found?.value !== undefined) return found.value.result
      if (!(await wakeUps.woken())) return undefined
      const announced = watch.resultOf(turn)
      if (announced !== undefined) return announced
    }
  } finally {
    watch.stop()
    wakeUps.stop()
  }
}

/** The result of a turn that has ended; undefined while it has not. Rejects with not_found when it was deleted. */
async function readEnd(
  { taskId, turn }: TurnRef,
  store: TaskStore,
): Promise<{ result: Result | undefined } | undefined> {
  const view = await store.view(taskId)
  if (view === undefined || view.hidden?.includes(turn))
    throw new LonghaulError('not_found', `Task ${taskId} was deleted`)
  if (view.turn > turn) return { result: resultOfTurn(await store.readableFacts(taskId), turn) }
  return hasEnded(view.status) ? { result: view.result } : undefined
}

/** The result of a turn that is no longer the latest of its task. */
function resultOfTurn(facts: Fact[], turn: number): Result | undefined {
  const state = fold(beforeNext(facts, turn))
  const started = facts.find((fact) => fact.type === 'turn.started' && fact.turn === turn)
  if (state.ended === undefined || started?.type !== 'turn.started') return undefined
  return resultOf(state, state.ended, started.model)
}
