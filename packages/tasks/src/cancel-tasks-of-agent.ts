import { limits, type TaskStore, type Upkeep } from '@longhaul/core'

/** How many tasks of a deleted agent are cancelled in one pass. */
const batch = 500

/**
 * Cancels tasks of a deleted agent, at most 500 of each shard in one pass: whoever deletes the agent
 * makes the first, reconcilers make the rest. Returns how many tasks it has looked after.
 */
export async function cancelTasksOfAgent(
  agentId: string,
  ports: { store: TaskStore; upkeep: Upkeep; shard: number },
): Promise<number> {
  const { store, upkeep, shard } = ports
  const tasks = await upkeep.tasksOfAgent(shard, agentId, batch)
  for (const taskId of tasks) {
    const options = { reason: 'the agent was deleted', graceMs: limits.cancelGrace }
    await store.cancel({ taskId }, options)
    await upkeep.taskOfAgentDone(shard, agentId, taskId)
  }
  return tasks.length
}
