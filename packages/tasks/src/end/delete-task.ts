import { orRepeat } from '../lib/when-unavailable.ts'
import { findTask, type FindPorts, type TaskName, unknownTask } from '../find/find-task.ts'
import { purgeTask } from './purge-task.ts'

/** Deletes a task in any state. Rejects with not_found. */
export async function deleteTask(name: TaskName, ports: FindPorts): Promise<void> {
  await orRepeat('Delete it again: not found means that it is gone.', async () => {
    const { taskId } = await findTask(name, ports)
    if (!(await purgeTask(taskId, ports.store))) throw unknownTask(name.id)
  })
}
