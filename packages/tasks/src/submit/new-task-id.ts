import { maxShards, taskIdInShard } from '@longhaul/core'

/** An id for a new task, in a random shard. */
export function newTaskId({ newId, shards }: { newId: () => string; shards: number }): string {
  const shard = Math.floor(Math.random() * Math.min(shards, maxShards))
  return taskIdInShard(newId(), shard)
}
