import {
  addCountsText,
  addStoredCount,
  addUsageCounts,
  bucketStarts,
  endOfBucket,
  limits,
  noUsage,
  ulidsFrom,
  type UsageCounts,
  type UsageQuery,
  type UsageRow,
  type UsageStore,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { countEndedTurns } from './count-ended-turns.ts'

type Options = { shards: number; now?: () => number }

/** What workspaces have used, in Redis: a hash for each bucket of a workspace in each shard. */
export function createUsageStore(redis: Redis, { shards, now = Date.now }: Options): UsageStore {
  const allShards = Array.from({ length: shards }, (_, shard) => shardKeys(shard))

  return {
    count: (shard, limit) => countEndedTurns(redis, { shard, limit }),

    async read(query) {
      const rows: UsageRow[] = []
      for (const starts of inBatches(bucketStarts(query, now()))) {
        const stored = await Promise.all(starts.map((start) => readBucket(query, start)))
        rows.push(...stored.flat())
      }
      return rows
    },

    async started({ workspace, ...range }) {
      const counts = new Map<number, number>()
      for (const starts of inBatches(bucketStarts(range, now()))) {
        const found = await Promise.all(
          starts.map((start) => {
            const [from, to] = [start, endOfBucket(range.grain, start)].map(ulidsFrom)
            return Promise.all(
              allShards.map((keys) =>
                guarded(() => redis.zlexcount(keys.tasksOf(workspace), `[${from}`, `(${to}`)),
              ),
            )
          }),
        )
        for (const [at, start] of starts.entries()) {
          const count = (found[at] ?? []).reduce((sum, each) => sum + each, 0)
          if (count > 0) counts.set(start, count)
        }
      }
      return counts
    },
  }

  /** The counts of a bucket in all shards, by value. */
  async function readBucket(
    { workspace, grain, by }: UsageQuery,
    start: number,
  ): Promise<UsageRow[]> {
    const bucket = { workspace, grain, start, ...(by !== undefined && { by }) }
    const hashes = await guarded(() =>
      Promise.all(allShards.map((keys) => redis.hgetall(keys.usage(bucket)))),
    )
    const byValue = new Map<string, UsageCounts>()
    for (const hash of hashes) {
      for (const [value, counts] of by === undefined
        ? [['', wholeOf(hash)] as const]
        : groupsIn(hash)) {
        const sum = byValue.get(value) ?? noUsage()
        addUsageCounts(sum, counts)
        byValue.set(value, sum)
      }
    }
    return [...byValue]
      .filter(([, { requests, input, output }]) => requests + input + output > 0)
      .map(([value, counts]) => ({ start, counts, ...(by !== undefined && { value }) }))
  }
}

type Stored = Record<string, string>

function wholeOf(hash: Stored): UsageCounts {
  const counts = noUsage()
  for (const [name, count] of Object.entries(hash)) addStoredCount(counts, name, Number(count))
  return counts
}

function groupsIn(hash: Stored): [value: string, counts: UsageCounts][] {
  return Object.entries(hash).map(([value, text]) => {
    const counts = noUsage()
    addCountsText(counts, text)
    return [value, counts]
  })
}

function* inBatches(starts: number[]): Generator<number[]> {
  const { readTogether } = limits.usage
  for (let at = 0; at < starts.length; at += readTogether) yield starts.slice(at, at + readTogether)
}
