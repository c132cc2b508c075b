import { limits, type NewDelta } from '@longhaul/core'

/** Deltas are recorded at most this often: each record costs a script, and nobody reads faster. */
const interval = limits.deltaInterval

/** Joins the deltas of a stream, so that each part of it is recorded in a few pieces and not in hundreds. */
export function createDeltaBuffer(write: (deltas: NewDelta[]) => Promise<void>) {
  let pending: NewDelta[] = []
  let timer: NodeJS.Timeout | undefined
  let lastFlush = 0
  const writes: Promise<void>[] = []
  const written = new Map<string, number>()

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (pending.length === 0) return
    const deltas = pending
    pending = []
    lastFlush = performance.now()
    for (const { partId } of deltas) written.set(partId, (written.get(partId) ?? 0) + 1)
    const writing = write(deltas)
    // `close` reports it; until then it must not count as a rejection that nobody handles.
    writing.catch(() => {})
    writes.push(writing)
  }

  return {
    push(delta: NewDelta): void {
      const last = pending.at(-1)
      if (last?.partId === delta.partId) last.text += delta.text
      else pending.push({ ...delta })
      if (timer !== undefined) return
      const wait = lastFlush + interval - performance.now()
      if (wait <= 0) flush()
      else timer = setTimeout(flush, wait)
    },

    /** Records what is left; resolves when all is written. */
    async close(): Promise<void> {
      flush()
      await Promise.all(writes)
    },

    /** Leaves out what was not recorded yet. */
    drop(): void {
      clearTimeout(timer)
      pending = []
    },

    /** In how many pieces a part was recorded. */
    count: (partId: string): number => written.get(partId) ?? 0,
  }
}
