import { LRUCache } from 'lru-cache'

/** How long an answer may be used again, in milliseconds, and how many are cached. */
type Bounds = { lifetime: number; size: number; now: () => number }

export type ShortLivedCache<T> = {
  /** The cached answer, the one that is loading, or else a new one. */
  get(key: string, load: () => Promise<T>): Promise<T>
  /** Drops the answers whose keys have this prefix. */
  purge(prefix: string): void
  clear(): void
}

/**
 * Caches answers for a short time. The age of an answer counts from the call that loaded it. Simultaneous calls share
 * one load. Failures, and answers that `keep` refuses, are not cached.
 */
export function createShortLivedCache<T>({
  lifetime,
  size,
  now,
  keep = () => true,
}: Bounds & { keep?: (value: T) => boolean }): ShortLivedCache<T> {
  const answers = new LRUCache<string, Promise<T>>({
    max: size,
    ttl: lifetime,
    ttlResolution: 0,
    // Answers may be large: an expired one is dropped at once, not only when the cache is full.
    ttlAutopurge: true,
    perf: { now },
  })

  return {
    get(key, load) {
      const left = answers.getRemainingTTL(key)
      // A clock that was set back must not prolong the lifetime.
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
