/**
 * Counts by key. The window of a key begins with its first count and lasts `windowMs` milliseconds. At most `size` keys
 * are remembered: the ones that were counted least recently go first.
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
  // In the order of the latest counts.
  const windows = new Map<string, { count: number; until: number }>()

  function current(key: string) {
    const window = windows.get(key)
    if (window === undefined) return undefined
    const leftMs = window.until - now()
    // A clock that was set back must not prolong a window.
    if (leftMs > 0 && leftMs <= windowMs) return { ...window, leftMs }
    windows.delete(key)
    return undefined
  }

  return {
    /** Counts once more; returns how often that was within the window. */
    add(key: string): number {
      const { count, until } = current(key) ?? { count: 0, until: now() + windowMs }
      windows.delete(key)
      windows.set(key, { count: count + 1, until })
      const [oldest] = windows.keys()
      if (windows.size > size && oldest !== undefined) windows.delete(oldest)
      return count + 1
    },

    /** The count of the window, and the milliseconds until it ends. */
    read(key: string): { count: number; leftMs: number } {
      const { count, leftMs } = current(key) ?? { count: 0, leftMs: 0 }
      return { count, leftMs }
    },

    /** How many keys are remembered. */
    size: () => windows.size,
  }
}
