import { LRUCache } from 'lru-cache'

/** How long an answer may be used again, in milliseconds, and how many are kept. */
type Bounds = { lifetime: number; size: number; now: () => number }

export type BriefCache<T> = {
  /** The cached answer, or the one that is on its way, or a new one. */
  get(key: string, load: () => Promise<T>): Promise<T>
  /** Drops what is kept under keys with this prefix. */
  purge(prefix: string): void
  clear(): void
}

/**
 * Remembers answers for a moment. The age of an answer counts from the call that loaded it. Calls that ask at the same
 * time share one load. Failures, and answers that `keep` refuses, are not kept.
 */
export function createBriefCache<T>({
  lifetime,
  size,
  now,
  keep = () => true,
}: Bounds & { keep?: (value: T) => boolean }): BriefCache<T> {
  const answers = new LRUCache<string, Promise<T>>({
    max: size,
    ttl: lifetime,
    ttlResolution: 0,
    // Answers may be large: an old one must not wait for its turn to be evicted.
    ttlAutopurge: true,
    perf: { now },
  })

  return {
    get(key, load) {
      const left = answers.getRemainingTTL(key)
      // A clock that was set back must not prolong a life.
      if (left <= 0 || left > lifetime) answers.delete(key)
      const known = answers.get(key)
      if (known !== undefined) return known
      const fresh = load()
      answers.set(key, fresh)
      void dropUnlessKept(key, fresh)
      return fresh
    },
    purge(prefix) {
      const keys = [...answers.keys()].filter((key) => key.startsWith(prefix))
      for (const key of keys) answers.delete(key)
    },
    clear: () => answers.clear(),
  }

  async function dropUnlessKept(key: string, answer: Promise<T>) {
    try {
      if (keep(await answer)) return
    } catch {
      // The caller receives the failure.
    }
    if (answers.peek(key) === answer) answers.delete(key)
  }
}
