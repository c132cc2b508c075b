import { isUlid } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys, workspaceKeys } from '../../connection/keys.ts'
import { guarded } from '../../connection/unavailable.ts'

/** The owner of a task, and the labels by which it can be found. */
export type Identity = { workspace: string; agentId: string; labels: string[] }

/** Reads the identity of a task from its head; undefined when the task no longer exists. */
export async function identify(redis: Redis, taskId: string): Promise<Identity | undefined> {
  if (!isUlid(taskId)) return undefined
  const { head } = taskKeys(taskId)
  const [[workspace, agentId], fields] = await guarded(() =>
    Promise.all([redis.hmget(head, 'ws', 'agent'), redis.hkeys(head)]),
  )
  if (workspace == null || agentId == null) return undefined
  const labels = fields.filter((field) => field.startsWith('l:')).map((field) => field.slice(2))
  return { workspace, agentId, labels }
}

/** The indexes that must list a task. */
export async function indexesOf(
  redis: Redis,
  taskId: string,
  { workspace, agentId, labels }: Identity,
): Promise<string[]> {
  const keys = taskKeys(taskId)
  const [known, deleted] = await guarded(() =>
    Promise.all([
      redis.exists(workspaceKeys(workspace).item('agent', agentId)),
      redis.zscore(keys.deletedAgents, agentId),
    ]),
  )
  // The tasks of a deleted agent are removed from its index one by one.
  const listed = known === 1 && deleted === null ? [keys.byAgent(agentId)] : []
  return [keys.tasksOf(workspace), ...listed, ...labels]
}
