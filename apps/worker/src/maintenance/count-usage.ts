import { limits, type UsageStore } from '@longhaul/core'
import type { Pass } from './run-chores.ts'

export type UsageDeps = { usage: Pick<UsageStore, 'count'>; shards: number }

/** Counts the turns that have ended, in every shard. Resolves with 0 when more are left. */
export function countUsage({ usage, shards }: UsageDeps) {
  return async ({ signal, failed }: Pass): Promise<number | void> => {
    let isMoreLeft = false
    for (let shard = 0; shard < shards && !signal.aborted; shard += 1) {
      try {
        const { isMoreLeft: more } = await usage.count(shard, limits.usage.batch)
        isMoreLeft ||= more
      } catch (error) {
        failed(error, { shard })
      }
    }
    if (isMoreLeft) return 0
  }
}
