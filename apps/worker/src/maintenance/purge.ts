import { limits, type Maintenance } from '@longhaul/core'
import type { Pass } from './run-chores.ts'

export type PurgeDeps = {
  maintenance: Pick<Maintenance, 'purgeDue'>
  shards: number
  /** Receives how many tasks were purged. */
  purged: (count: number) => void
}

/** How many tasks are purged together. Redis needs less than 5 ms for them, and serves others between them. */
const batch = limits.maintenance.purgeBatch
/** How long one shard may be purged before it is the next one's turn, milliseconds. */
const sliceMs = limits.maintenance.purgeSlice

/**
 * Purges the tasks whose retention is over, and asks for another pass at once while there are any. Apart from all
 * repairs, because it is what makes room in a full Redis. One worker at a time purges a shard.
 */
export function purge({ maintenance, shards, purged }: PurgeDeps) {
  /** How many of the first due tasks of each shard could not be purged: those behind them come first. */
  const left = Array.from({ length: shards }, () => 0)

  /** Whether more is due. */
  async function purgeShard(shard: number, { signal, failed }: Pass): Promise<boolean> {
    const until = performance.now() + sliceMs
    while (!signal.aborted) {
      const skip = left[shard] ?? 0
      const found = await maintenance.purgeDue(shard, batch, skip)
      if (found.purged > 0) purged(found.purged)
      for (const error of found.failures) failed(error, { shard })
      left[shard] = skip + found.due - found.purged
      if (found.due < batch) {
        left[shard] = 0
        return false
      }
      if (performance.now() >= until) return true
    }
    return false
  }

  return async (pass: Pass): Promise<number | void> => {
    let isMoreDue = false
    for (let shard = 0; shard < shards; shard += 1) {
      try {
        if (await purgeShard(shard, pass)) isMoreDue = true
      } catch (error) {
        pass.failed(error, { shard })
      }
    }
    return isMoreDue ? 0 : undefined
  }
}
