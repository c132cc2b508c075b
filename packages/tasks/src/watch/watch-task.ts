import {
  type Cursor,
  type Delta,
  endsTurn,
  type Fact,
  hasEnded,
  type TaskStore,
  type Wake,
} from '@longhaul/core'
import { createWakeSignal } from './wake-signal.ts'
import { turnAt, withoutSoftDeleted } from '../find/hidden-turns.ts'
import { readOrRetry } from './retry-while-unavailable.ts'

/**
 * The entries of a task after a cursor, in the order of their numbers and in batches: the existing ones at once, later
 * ones as they are recorded. Ends with the first end of a turn; with `follow`, only when the task is gone. The signal
 * ends it, too. Entries of deleted responses are left out.
 */
export async function* watchTask(
  taskId: string,
  options: {
    read: TaskStore['read']
    wake: Wake
    after: Cursor
    /** The turn of the first entry after the cursor, unless that entry begins a turn. */
    turn: number
    follow: boolean
    signal: AbortSignal
  },
): AsyncGenerator<(Fact | Delta)[]> {
  const { read, wake, after, follow, signal } = options
  let { turn } = options
  const wakeUps = createWakeSignal(signal)
  const cursor = { pos: after.pos, fact: after.fact }
  /** The number of the latest entry, if only deltas were added since the last read. */
  let deltasTo: number | undefined
  let hasMore = false
  const unwatch = wake.watch(taskId, (kind, pos) => {
    if (kind !== 'gone' && pos !== undefined && pos <= cursor.pos) return
    if (kind === 'delta') deltasTo = pos
    else hasMore = true
    wakeUps.wake()
  })
  try {
    do {
      for (;;) {
        const to = hasMore ? undefined : deltasTo
        deltasTo = undefined
        hasMore = false
        const found = await readOrRetry(wakeUps, () => read(taskId, cursor, to))
        if (found === undefined) break
        // A task that is gone has no more entries.
        if (found.value === undefined) return
        const { entries, status, pos, hidden: softDeleted } = found.value
        const end = follow ? -1 : entries.findIndex(endsTurn)
        const upToEnd = end === -1 ? entries : entries.slice(0, end + 1)
        const visible = withoutSoftDeleted(upToEnd, softDeleted, turn)
        // After a loss of data in Redis, a cursor may be ahead of the log.
        const ahead = entries[0] !== undefined && entries[0].pos <= after.pos
        const later = ahead ? visible.filter(({ pos: at }) => at > after.pos) : visible
        if (later.length > 0) yield later
        if (signal.aborted) return
        if (end !== -1 || (entries.length === 0 && !follow && hasEnded(status))) return
        turn = entries.reduce((current, entry) => turnAt(entry, current), turn)
        cursor.fact += entries.filter((entry) => entry.type !== 'delta').length
        cursor.pos = Math.max(cursor.pos, entries.at(-1)?.pos ?? 0)
        if (entries.length === 0 || cursor.pos >= pos) break
      }
    } while (await wakeUps.woken())
  } finally {
    unwatch()
    wakeUps.stop()
  }
}
