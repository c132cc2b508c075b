import type { Redis } from 'ioredis'
import { shardCount } from './keys.ts'
import { loadScript, runScript } from './script.ts'

const script = loadScript('admin/raise-shard-count')

/**
 * Why a process with so many shards must not serve this Redis; undefined when it may. Redis keeps the largest
 * number: tasks may lie in each of these shards, and a process with fewer would leave them alone.
 */
export async function checkShards(redis: Redis, shards: number): Promise<string | undefined> {
  const known = Number(await runScript(redis, script, [shardCount()], [shards]))
  if (known <= shards) return undefined
  return `LONGHAUL_SHARDS is ${shards}, and this Redis is used with ${known} shards: set LONGHAUL_SHARDS to ${known} in all processes`
}
