import type { TaskStore, TurnRef } from '@longhaul/core'

/** Hides a turn at once: one that runs is cancelled first, without grace. False when there is none. */
export async function softDeleteTurn(turn: TurnRef, store: TaskStore): Promise<boolean> {
  for (;;) {
    const outcome = await store.softDelete(turn)
    if (outcome !== 'live') return outcome === 'hidden'
    await store.cancel(turn, { reason: 'the response was deleted', graceMs: 0 })
  }
}
