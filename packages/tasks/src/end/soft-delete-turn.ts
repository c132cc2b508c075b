import type { TaskStore, TurnRef } from '@longhaul/core'

/** Soft-deletes a turn at once. A running turn is cancelled first, without grace. False when there is no turn. */
export async function softDeleteTurn(turn: TurnRef, store: TaskStore): Promise<boolean> {
  for (;;) {
    const outcome = await store.softDelete(turn)
    if (outcome !== 'live') return outcome === 'hidden'
    await store.cancel(turn, { reason: 'the response was deleted', graceMs: 0 })
  }
}
