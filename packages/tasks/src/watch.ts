import type { Cursor, Delta, Fact, TaskStore, TurnRef, Wake } from '@longhaul/core'
import { createBell } from './bell.ts'

/**
 * What a turn records, in the order of its numbers and in batches, from a cursor on: what is there at
 * once, the rest as it happens, until the turn has ended or the signal is aborted.
 */
export async function* watchTurn(
  { taskId, turn }: TurnRef,
  options: { store: TaskStore; wake: Wake; after: Cursor; signal: AbortSignal },
): AsyncGenerator<(Fact | Delta)[]> {
  const { store, wake, signal } = options
  const bell = createBell(signal)
  const unwatch = wake.watch(taskId, () => bell.ring())
  const cursor = { ...options.after }
  try {
    do {
      for (;;) {
        const found = await store.read(taskId, cursor)
        const last = found?.entries.at(-1)
        if (found === undefined || last === undefined) break
        const later = found.entries.findIndex(
          (entry) => entry.type === 'turn.started' && entry.turn > turn,
        )
        yield later === -1 ? found.entries : found.entries.slice(0, later)
        if (later !== -1 || found.entries.some(endsTurn)) return
        cursor.pos = last.pos
        cursor.fact += found.entries.filter((entry) => entry.type !== 'delta').length
        if (signal.aborted) return
      }
    } while (await bell.rung())
  } finally {
    unwatch()
    bell.stop()
  }
}

function endsTurn(entry: Fact | Delta): boolean {
  return entry.type === 'turn.completed' || entry.type === 'turn.failed'
}
