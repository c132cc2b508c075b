import { maxShards, taskIdInShard } from '@longhaul/core'

/** An id for a new task, in a shard that is chosen by chance. */
export function newTaskId({ newId, shards }: { newId: () => string; shards: number }): string {
  const shard = Math.floor(Math.random() * Math.min(shards, maxShards))
  return taskIdInShard(newId(), shard)
}
