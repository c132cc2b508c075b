import type { Redis } from 'ioredis'
import { deliveryKeys, shardKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'

/**
 * The workspaces whose events are noted. Each shard has a flag in the state of the workspace, which its scripts read
 * anyway, so an event of another workspace costs nothing. `listeners` has the number of shards with the flag: 0 while
 * they get it.
 */
export function createListeners(redis: Redis, { shards }: { shards: number }) {
  const { listeners } = deliveryKeys()

  async function listen(workspace: string): Promise<void> {
    const flagged = await guarded(() => redis.hget(listeners, workspace))
    if (Number(flagged ?? 0) >= shards) return
    // First, because workers look for noted events only while there are listeners.
    if (flagged === null) await guarded(() => redis.hsetnx(listeners, workspace, '0'))
    const states = Array.from({ length: shards }, (_, shard) =>
      shardKeys(shard).workspaceState(workspace),
    )
    await guarded(() => Promise.all(states.map((state) => redis.hset(state, 'listens', '1'))))
    await guarded(() => redis.hset(listeners, workspace, String(shards)))
  }

  return {
    /** Notes the events of a workspace from now on. Idempotent. */
    listen,

    /** Flags the listeners in shards that were added. */
    spread: async (): Promise<void> => {
      const all = await guarded(() => redis.hgetall(listeners))
      for (const [workspace, flagged] of Object.entries(all)) {
        if (Number(flagged) < shards) await listen(workspace)
      }
    },

    /** All of them. */
    workspaces: (): Promise<string[]> => guarded(() => redis.hkeys(listeners)),

    hasSome: async (): Promise<boolean> => (await guarded(() => redis.hlen(listeners))) > 0,
  }
}
