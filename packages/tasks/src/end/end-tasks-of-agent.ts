import {
  type DeletedAgent,
  limits,
  type Maintenance,
  type ScheduleStore,
  type TaskStore,
} from '@longhaul/core'
import { purgeTask } from './purge-task.ts'
import { isUnavailable } from '../lib/when-unavailable.ts'

/** The number of tasks of a deleted agent that one pass ends. */
const batch = limits.maintenance.batch

export type EndPorts = {
  store: TaskStore
  maintenanceStore: Maintenance
  schedules: Pick<ScheduleStore, 'removeOfAgent'>
}

/**
 * Removes schedules of a deleted agent, and cancels or deletes its tasks, at most 500 each of one shard in one pass. The
 * deletion of the agent makes the first pass, reconcilers make the others. Returns the number of them that are done. A task that fails stays for
 * the next pass. The first error is thrown after the pass.
 */
export async function endTasksOfAgent(
  { agentId, tasks }: DeletedAgent,
  ports: EndPorts & { shard: number },
): Promise<number> {
  const { store, maintenanceStore, schedules, shard } = ports
  // First, so that none of them starts another task.
  const removed = await schedules.removeOfAgent(shard, agentId)
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
  return removed + ids.length

  async function cancel(taskId: string): Promise<void> {
    const options = { reason: 'the agent was deleted', graceMs: limits.cancelGrace }
    await store.cancel({ taskId }, options)
  }
}
