import { parseResponseId } from '@longhaul/core'
import { orRepeat } from '../lib/when-unavailable.ts'
import { findTask, type FindPorts, type TaskName, unknownTask } from '../find/find-task.ts'
import { softDeleteTurn } from './soft-delete-turn.ts'

/**
 * Soft-deletes a response in any state of its turn; a running turn is cancelled. With the last visible response of a
 * task, the task is purged. Rejects with not_found.
 */
export async function deleteResponse(name: TaskName, ports: FindPorts): Promise<void> {
  const response = parseResponseId(name.id)
  if (response === undefined) throw unknownTask(name.id)
  await orRepeat('Delete it again: not found means that it is gone.', async () => {
    await findTask(name, ports)
    if (!(await softDeleteTurn(response, ports.store))) throw unknownTask(name.id)
  })
}
