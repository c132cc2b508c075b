import { limits, type Maintenance } from '@longhaul/core'
import type { Pass } from './run-chores.ts'

export type PurgeDeps = {
  maintenance: Pick<Maintenance, 'purgeDue'>
  shards: number
  /** Called with the number of purged tasks. */
  purged: (count: number) => void
}

/** The number of tasks in a batch. Redis needs less than 5 ms for a batch, and serves other clients between batches. */
const batch = limits.maintenance.purgeBatch
/** The maximum time for one shard before the next shard is purged, in milliseconds. */
const sliceMs = limits.maintenance.purgeSlice

/**
 * Purges the tasks whose retention is over, and requests another pass at once while there are any. It is separate from
 * all repairs, because it frees memory in a full Redis. One worker at a time purges a shard.
 */
export function purge({ maintenance, shards, purged }: PurgeDeps) {
  /** The number of due tasks of each shard that could not be purged: the next pass starts after them. */
  const left = Array.from({ length: shards }, () => 0)

  /** Whether more tasks are due. */
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
