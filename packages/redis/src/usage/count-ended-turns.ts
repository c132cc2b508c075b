import { countsText, limits, parseEndedTurn, usageIncrements } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { runScript } from '../lua/run-script.ts'
import { countUsageScript } from '../lua/usage/count-usage.ts'

type Batch = { shard: number; limit: number }

/**
 * Counts the turns of a shard that have ended and are not counted yet. The script that ended a turn has noted it, and one
 * script counts it and removes the note: so each turn is counted exactly once, whatever crashes.
 */
export async function countEndedTurns(
  redis: Redis,
  { shard, limit }: Batch,
): Promise<{ counted: number; isMoreLeft: boolean }> {
  const keys = shardKeys(shard)
  const noted = await guarded(() => redis.lrange(keys.uncounted, 0, limit - 1))
  const [first] = noted
  if (first === undefined) return { counted: 0, isMoreLeft: false }
  // A note that cannot be read is removed with the others.
  const turns = noted.map(parseEndedTurn).filter((turn) => turn !== undefined)
  const increments = usageIncrements(turns).map(({ bucket, ...increment }) => ({
    ...increment,
    bucket: keys.usage(bucket),
    isGroup: bucket.by !== undefined,
  }))
  const [groups, wholes] = [
    increments.filter(({ isGroup }) => isGroup),
    increments.filter(({ isGroup }) => !isGroup),
  ]
  const call = countUsageScript.call(keys, {
    first,
    turns: noted.length,
    maxValues: limits.usage.values,
    counts: wholes.flatMap(({ bucket, counts }) =>
      [...counts].map(([name, by]) => ({ bucket, name, by })),
    ),
    groups: groups.map(({ bucket, value, counts }) => ({
      bucket,
      value,
      added: countsText(counts),
    })),
    expiries: [...new Map(increments.map((each) => [each.bucket, each.keptUntil]))].map(
      ([bucket, time]) => ({ bucket, time }),
    ),
  })
  const isCounted = await runScript(redis, call)
  // A worker that finds another one at work leaves the rest to it.
  return {
    counted: isCounted ? turns.length : 0,
    isMoreLeft: isCounted && noted.length === limit,
  }
}
