import { LRUCache } from 'lru-cache'

/**
 * How much of the event loop each workspace has used lately, so that none can keep it busy with many requests of
 * which each is small enough. What was used comes back with time.
 */
export function createLoopShare({
  milliseconds,
  perSecond,
  now = () => performance.now(),
}: {
  milliseconds: number
  perSecond: number
  now?: () => number
}) {
  // The least recently used is evicted: its share has come back, or nearly so.
  const shares = new LRUCache<string, { used: number; at: number }>({ max: rememberedWorkspaces })

  function used(workspace: string): number {
    const share = shares.peek(workspace)
    if (share === undefined) return 0
    return Math.max(0, share.used - ((now() - share.at) * perSecond) / 1_000)
  }

  return {
    /** Milliseconds that the workspace may use now; none when they are too few to be of use. */
    left(workspace: string): number {
      const left = milliseconds - used(workspace)
      return left < smallestShare ? 0 : left
    },

    use(workspace: string, spent: number): void {
      shares.set(workspace, { used: used(workspace) + spent, at: now() })
    },
  }
}

/** A share of fewer milliseconds is of no use. */
const smallestShare = 5
/** Workspaces whose shares are remembered. */
const rememberedWorkspaces = 1_000
