import { maxShards, randomOf, taskIdInShard } from '../lib/ids.ts'

/**
 * The first shard of a workspace, which has its new tasks. All of them share one shard, so that its limits and counters
 * are exact, unless the workspace is spread over the shards that follow. The hash is FNV-1a.
 */
export function shardOfWorkspace(workspace: string, shards: number): number {
  let hash = 0x81_1c_9d_c5
  for (const byte of Buffer.from(workspace)) hash = Math.imul(hash ^ byte, 0x01_00_01_93)
  return (hash >>> 0) % Math.min(shards, maxShards)
}

/** A new task's id in one of the `spread` shards of its workspace, from a new ULID. */
export function taskIdOfWorkspace(
  ulid: string,
  workspace: string,
  { shards, spread = 1 }: { shards: number; spread?: number | undefined },
): string {
  const all = Math.min(shards, maxShards)
  const place = randomOf(ulid) % Math.min(spread, all)
  return taskIdInShard(ulid, (shardOfWorkspace(workspace, shards) + place) % all)
}
