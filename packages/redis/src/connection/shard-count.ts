import type { Redis } from 'ioredis'
import { shardCount } from './keys.ts'
import { raiseShardCountScript } from '../lua/admin/raise-shard-count.ts'
import { runScript } from '../lua/run-script.ts'

/**
 * Why a process with so many shards must not serve this Redis; undefined when it may. Redis keeps the largest
 * number: tasks may lie in each of these shards, and a process with fewer would leave them alone.
 */
export async function checkShards(redis: Redis, shards: number): Promise<string | undefined> {
  const call = raiseShardCountScript.call({ shardCount: shardCount() }, { own: shards })
  const known = await runScript(redis, call)
  if (known <= shards) return undefined
  return `LONGHAUL_SHARDS is ${shards}, and this Redis is used with ${known} shards: set LONGHAUL_SHARDS to ${known} in all processes`
}
