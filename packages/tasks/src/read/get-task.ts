import { hasEnded, type TaskView, type Wake } from '@longhaul/core'
import { waitForEnd } from '../watch/wait-for-end.ts'
import { findVisibleTask, type FindPorts, type TaskName } from '../find/find-task.ts'

/**
 * A task of an agent, when its turn has ended or after `waitMs` milliseconds. Rejects with not_found, with the same
 * error for a task of another workspace as for an unknown one.
 */
export async function getTask(
  name: TaskName,
  { waitMs, signal }: { waitMs: number; signal: AbortSignal },
  ports: FindPorts & { wake: Wake },
): Promise<TaskView> {
  const view = await findVisibleTask(name, ports)
  if (waitMs === 0 || hasEnded(view.status)) return view
  const { store, wake } = ports
  await waitForEnd(view, { store, wake, ms: waitMs, signal })
  return await findVisibleTask(name, ports)
}
