import type { Redis } from 'ioredis'
import { shardCount } from './keys.ts'
import { raiseShardCountScript } from '../lua/admin/raise-shard-count.ts'
import { runScript } from '../lua/run-script.ts'

/**
 * Why a process with this number of shards must not use this Redis; undefined when it may. Redis stores the largest
 * number that was ever used: tasks may exist in each of these shards, and a process with fewer shards would ignore
 * them.
 */
export async function checkShards(redis: Redis, shards: number): Promise<string | undefined> {
  const call = raiseShardCountScript.call({ shardCount: shardCount() }, { own: shards })
  const known = await runScript(redis, call)
  if (known <= shards) return undefined
  return `LONGHAUL_SHARDS is ${shards}, and this Redis is used with ${known} shards: set LONGHAUL_SHARDS to ${known} in all processes`
}
