/** How long an answer may be used again, and how many are kept. */
type Bounds = { lifetime: number; size: number; now: () => number }

export type BriefCache<T> = {
  /** The cached answer, or the one that is on its way, or a new one. */
  get(key: string, load: () => Promise<T>): Promise<T>
  /** Drops what is kept under keys that begin so. */
  forget(prefix: string): void
  clear(): void
}

/**
 * Remembers answers for a moment. Age counts from the question: what is remembered was true then. Calls
 * that ask at the same time share one load; failures, and answers that `keep` refuses, are not kept.
 */
export function createBriefCache<T>({
  lifetime,
  size,
  now,
  keep = () => true,
}: Bounds & { keep?: (value: T) => boolean }): BriefCache<T> {
  // In the order of their age, since every answer lives equally long.
  const entries = new Map<string, { answer: Promise<T>; until: number }>()

  return {
    get(key, load) {
      const time = now()
      dropOld(time)
      const entry = entries.get(key)
      if (entry !== undefined) return entry.answer

      makeRoom()
      const fresh = { answer: load(), until: time + lifetime }
      entries.set(key, fresh)
      const drop = () => {
        if (entries.get(key) === fresh) entries.delete(key)
      }
      void dropUnlessKept(fresh.answer, drop)
      return fresh.answer
    },
    forget(prefix) {
      for (const key of entries.keys()) if (key.startsWith(prefix)) entries.delete(key)
    },
    clear: () => entries.clear(),
  }

  function dropOld(time: number) {
    for (const [key, { until }] of entries) {
      if (until > time && until <= time + lifetime) return
      entries.delete(key)
    }
  }

  function makeRoom() {
    const [oldest] = entries.keys()
    if (entries.size >= size && oldest !== undefined) entries.delete(oldest)
  }

  async function dropUnlessKept(answer: Promise<T>, drop: () => void) {
    try {
      if (!keep(await answer)) drop()
    } catch {
      drop()
    }
  }
}
