import { endsInHalf, limits, type NewDelta } from '@longhaul/core'

/**
 * Joins the deltas of a stream, so that each part is recorded in a few pieces and not in hundreds. It records at most
 * one piece per interval: each record costs a script, and no client reads faster. The output that comes first waits for
 * `hold` milliseconds. No piece ends within a surrogate pair.
 */
export function createDeltaBuffer(
  write: (deltas: NewDelta[]) => Promise<void>,
  { interval = limits.deltaInterval, hold = 0 }: { interval?: number; hold?: number } = {},
) {
  let pending: NewDelta[] = []
  let timer: NodeJS.Timeout | undefined
  /** When the next piece may be recorded. */
  let due: number | undefined
  const writes: Promise<void>[] = []
  const written = new Map<string, number>()

  function flush({ keepsHalf }: { keepsHalf: boolean }): void {
    clearTimeout(timer)
    timer = undefined
    const deltas = pending
    pending = keepsHalf ? takeHalf(deltas) : []
    if (deltas.length === 0) return
    due = performance.now() + interval
    for (const { partId } of deltas) written.set(partId, (written.get(partId) ?? 0) + 1)
    const writing = write(deltas.map((delta) => ({ ...delta, text: delta.text.toWellFormed() })))
    // `close` reports the error. Until then it must not count as an unhandled rejection.
    writing.catch(() => {})
    writes.push(writing)
  }

  const flushSome = () => flush({ keepsHalf: true })

  return {
    push(delta: NewDelta): void {
      const last = pending.at(-1)
      if (last?.partId === delta.partId) last.text += delta.text
      else pending.push({ ...delta })
      if (timer !== undefined) return
      due ??= performance.now() + hold
      const wait = due - performance.now()
      if (wait <= 0) flushSome()
      else timer = setTimeout(flushSome, wait)
    },

    /**
     * Records the rest of the parts of which a piece was recorded; without `hold`, also the others. Resolves when
     * everything is written.
     */
    async close(): Promise<void> {
      if (hold > 0) pending = pending.filter(({ partId }) => written.has(partId))
      flush({ keepsHalf: false })
      await Promise.all(writes)
    },

    /** Discards everything that is not recorded yet. */
    drop(): void {
      clearTimeout(timer)
      pending = []
    },

    /** The number of pieces in which a part was recorded. */
    count: (partId: string): number => written.get(partId) ?? 0,
  }
}

/**
 * Removes a high surrogate from the end of the last delta: vendors may send the low surrogate with the next delta. A
 * delta that has nothing else is removed.
 */
function takeHalf(deltas: NewDelta[]): NewDelta[] {
  const last = deltas.at(-1)
  if (last === undefined || !endsInHalf(last.text)) return []
  const half = { ...last, text: last.text.slice(-1) }
  last.text = last.text.slice(0, -1)
  if (last.text === '') deltas.pop()
  return [half]
}
