import { LRUCache } from 'lru-cache'

/**
 * Counts by key. The window of a key begins with its first count and lasts `windowMs` milliseconds. At most `size` keys
 * are stored; the keys that were counted least recently are removed first.
 */
export function createWindows({
  windowMs,
  size,
  now,
}: {
  windowMs: number
  size: number
  now: () => number
}) {
  // Only a count makes a key recent; `peek` does not.
  const windows = new LRUCache<string, { count: number; until: number }>({ max: size })

  function current(key: string) {
    const window = windows.peek(key)
    if (window === undefined) return undefined
    const leftMs = window.until - now()
    // A clock that was set back must not prolong a window.
    if (leftMs > 0 && leftMs <= windowMs) return { ...window, leftMs }
    windows.delete(key)
    return undefined
  }

  return {
    /** Counts once more. Returns the count within the window. */
    add(key: string): number {
      const { count, until } = current(key) ?? { count: 0, until: now() + windowMs }
      windows.set(key, { count: count + 1, until })
      return count + 1
    },

    /** The count of the window, and the milliseconds until it ends. */
    read(key: string): { count: number; leftMs: number } {
      const { count, leftMs } = current(key) ?? { count: 0, leftMs: 0 }
      return { count, leftMs }
    },

    /** The number of stored keys. */
    size: () => windows.size,
  }
}
