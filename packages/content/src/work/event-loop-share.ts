import { LRUCache } from 'lru-cache'

/**
 * Measures how much of the event loop each workspace has used lately, so that no workspace keeps it busy with many
 * small requests. A used share is restored with time.
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
  // The least recently used entry is evicted: its share is restored, or nearly so.
  const shares = new LRUCache<string, { used: number; at: number }>({ max: rememberedWorkspaces })

  function used(workspace: string): number {
    const share = shares.peek(workspace)
    if (share === undefined) return 0
    return Math.max(0, share.used - ((now() - share.at) * perSecond) / 1_000)
  }

  return {
    /** Milliseconds that the workspace may use now; zero when they are too few to be useful. */
    left(workspace: string): number {
      const left = milliseconds - used(workspace)
      return left < smallestShare ? 0 : left
    },

    use(workspace: string, spent: number): void {
      shares.set(workspace, { used: used(workspace) + spent, at: now() })
    },
  }
}

/** A share of fewer milliseconds is too small to be useful. */
const smallestShare = 5
/** The number of workspaces whose shares are stored. */
const rememberedWorkspaces = 1_000
