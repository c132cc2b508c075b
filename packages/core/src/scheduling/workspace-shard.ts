import { maxShards } from '../lib/ids.ts'

/**
 * The shard of a workspace's new tasks. All of them share one shard, so that its limits and counters are exact. The hash
 * is FNV-1a.
 */
export function shardOfWorkspace(workspace: string, shards: number): number {
  let hash = 0x81_1c_9d_c5
  for (const byte of Buffer.from(workspace)) hash = Math.imul(hash ^ byte, 0x01_00_01_93)
  return (hash >>> 0) % Math.min(shards, maxShards)
}
