import { limits } from '../limits/limits.ts'

export type Connections<C> = ReturnType<typeof createConnections<C>>

/**
 * Which connections a server keeps. A connection is new until a request with a valid key comes over it, and then known.
 * Of too many new ones the oldest is closed, so that idle connections without a key keep no caller out; not one whose key is being checked,
 * which takes a moment only. Known ones leave the new ones their places: a health probe always finds one.
 */
export function createConnections<C>({
  total,
  unproven = Math.min(limits.newConnections, Math.ceil(total / 10)),
}: {
  total: number
  unproven?: number
}) {
  const fresh = new Set<C>()
  const checked = new Set<C>()
  const known = new Set<C>()

  function add(connection: C): C | undefined {
    fresh.add(connection)
    if (fresh.size <= unproven) return undefined
    const [oldest] = fresh
    if (oldest !== undefined) fresh.delete(oldest)
    return oldest
  }

  return {
    /** How many there are. */
    count: () => fresh.size + checked.size + known.size,

    /** Adds one; returns the one that must be closed for it, if any. */
    opened: (connection: C): C | undefined => add(connection),

    /** The key of a request that came over it is being checked. */
    checking(connection: C): void {
      if (fresh.delete(connection)) checked.add(connection)
    },

    /** The key was not valid, or there was none; returns as `opened` does. */
    unproven: (connection: C): C | undefined =>
      checked.delete(connection) ? add(connection) : undefined,

    /** A request with a valid key came over it. False when there are too many such connections: it stays new. */
    proven(connection: C): boolean {
      // One that is closed already takes no place.
      if (known.has(connection) || !(fresh.has(connection) || checked.has(connection))) return true
      if (known.size >= total - unproven) return false
      fresh.delete(connection)
      checked.delete(connection)
      known.add(connection)
      return true
    },

    closed(connection: C): void {
      fresh.delete(connection)
      checked.delete(connection)
      known.delete(connection)
    },
  }
}
