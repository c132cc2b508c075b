import { limits } from '../limits/limits.ts'

export type Connections<C> = ReturnType<typeof createConnections<C>>

/**
 * Decides which connections a server keeps. A connection is new until a request with a valid key arrives on it; then it
 * is known. When there are too many new connections, the oldest is closed, so that idle connections without a key
 * exclude no caller. A connection whose key is being checked is not closed, because a check is short. Known connections
 * leave some capacity to new ones, so that a health probe can always connect.
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
    /** The number of connections. */
    count: () => fresh.size + checked.size + known.size,

    /** Adds a connection. Returns the connection that must be closed for it, if any. */
    opened: (connection: C): C | undefined => add(connection),

    /** The key of a request on this connection is being checked. */
    checking(connection: C): void {
      if (fresh.delete(connection)) checked.add(connection)
    },

    /** The request had no valid key. Returns the connection that must be closed, if any. */
    unproven: (connection: C): C | undefined =>
      checked.delete(connection) ? add(connection) : undefined,

    /**
     * A request with a valid key arrived on this connection. Returns false when there are too many known connections:
     * then it stays new.
     */
    proven(connection: C): boolean {
      // A connection that is already closed is not counted.
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
