import { taskIdOfWorkspace } from '@longhaul/core'
import type { Limits } from '../limits/limits.ts'

export type NewTaskPorts = {
  newId: () => string
  shards: number
  limits: Pick<Limits, 'effective'>
}

/** An id for a new task of a workspace, in a shard of the workspace. */
export async function newTaskId(workspace: string, ports: NewTaskPorts): Promise<string> {
  const { newId, shards, limits } = ports
  // Only the limits of a workspace tell whether it is spread over several shards.
  const { spread } = shards === 1 ? {} : await limits.effective(workspace)
  return taskIdOfWorkspace(newId(), workspace, { shards, spread })
}
