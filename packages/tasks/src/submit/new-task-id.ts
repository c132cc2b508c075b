import { shardOfWorkspace, taskIdInShard } from '@longhaul/core'

/** An id for a new task of a workspace, in the shard of the workspace. */
export function newTaskId(
  workspace: string,
  { newId, shards }: { newId: () => string; shards: number },
): string {
  return taskIdInShard(newId(), shardOfWorkspace(workspace, shards))
}
