import { type DeletedAgent, limits, type TaskStore, type Maintenance } from '@longhaul/core'
import { purgeTask } from './purge-task.ts'
import { isUnavailable } from '../lib/when-unavailable.ts'

/** How many tasks of a deleted agent are ended in one pass. */
const batch = limits.maintenance.batch

/**
 * Cancels or deletes tasks of a deleted agent, at most 500 of one shard in one pass: the deletion of the agent makes
 * the first pass, reconcilers make the others. Returns how many tasks are done. A task that fails stays for the
 * next pass; the first error is thrown after the others are done.
 */
export async function endTasksOfAgent(
  { agentId, tasks }: DeletedAgent,
  ports: { store: TaskStore; maintenanceStore: Maintenance; shard: number },
): Promise<number> {
  const { store, maintenanceStore, shard } = ports
  const ids = await maintenanceStore.tasksOfAgent(shard, agentId, batch)
  const failures: unknown[] = []
  for (const taskId of ids) {
    try {
      await (tasks === 'delete' ? purgeTask(taskId, store) : cancel(taskId))
      await maintenanceStore.taskOfAgentDone(shard, agentId, taskId)
    } catch (error) {
      if (isUnavailable(error)) throw error
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return ids.length

  async function cancel(taskId: string): Promise<void> {
    const options = { reason: 'the agent was deleted', graceMs: limits.cancelGrace }
    await store.cancel({ taskId }, options)
  }
}
