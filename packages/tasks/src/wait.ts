import {
  type Fact,
  fold,
  hasEnded,
  type Result,
  resultOf,
  type TaskStore,
  type TurnRef,
  type Wake,
} from '@longhaul/core'

/**
 * Waits until a turn has ended; undefined when it has not after `ms` milliseconds, or when the signal
 * was aborted. The first look comes after the registration, so that no end falls between the two.
 */
export async function waitForEnd(
  { taskId, turn }: TurnRef,
  options: { store: TaskStore; wake: Wake; ms: number; signal: AbortSignal },
): Promise<Result | undefined> {
  const { store, wake, signal } = options
  const bell = createBell(signal, options.ms)
  const unwatch = wake.watch(taskId, (kind) => {
    if (kind === undefined || kind === 'end') bell.ring()
  })
  try {
    do {
      const view = await store.view(taskId)
      if (view === undefined) return undefined
      if (view.turn > turn) return resultOfTurn(await store.facts(taskId), turn)
      if (hasEnded(view.status)) return view.result
    } while (await bell.rung())
    return undefined
  } finally {
    unwatch()
    bell.stop()
  }
}

/** How a turn ended that is not the task's latest any more. */
function resultOfTurn(facts: Fact[], turn: number): Result | undefined {
  const next = facts.findIndex((fact) => fact.type === 'turn.started' && fact.turn > turn)
  const state = fold(next === -1 ? facts : facts.slice(0, next))
  const started = facts.find((fact) => fact.type === 'turn.started' && fact.turn === turn)
  if (state.ended === undefined || started?.type !== 'turn.started') return undefined
  return resultOf(state, state.ended, started.model)
}

/** Wakes one sleeper; a ring before the sleep is not lost. `rung` is false when the time is up or the signal came. */
export function createBell(signal: AbortSignal, ms?: number) {
  let rings = 0
  let wakeUp = (): void => {}
  let over = signal.aborted
  const end = (): void => {
    over = true
    wakeUp()
  }
  const timer = ms === undefined ? undefined : setTimeout(end, ms)
  signal.addEventListener('abort', end, { once: true })

  return {
    ring(): void {
      rings += 1
      wakeUp()
    },
    async rung(): Promise<boolean> {
      if (rings === 0 && !over) {
        await new Promise<void>((resolve) => {
          wakeUp = resolve
        })
      }
      rings = 0
      return !over
    },
    stop(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
    },
  }
}
