import type { Cursor, Delta, Fact, TaskStore, TurnRef, Wake } from '@longhaul/core'
import { createBell } from './bell.ts'
import { look } from './look.ts'

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
        const found = await look(bell, () => store.read(taskId, cursor))
        if (found === undefined) break
        // A task that is gone says nothing any more.
        if (found.seen === undefined) return
        const { entries } = found.seen
        const last = entries.at(-1)
        if (last === undefined) break
        const later = entries.findIndex(
          (entry) => entry.type === 'turn.started' && entry.turn > turn,
        )
        yield later === -1 ? entries : entries.slice(0, later)
        if (later !== -1 || entries.some(endsTurn)) return
        cursor.pos = last.pos
        cursor.fact += entries.filter((entry) => entry.type !== 'delta').length
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
