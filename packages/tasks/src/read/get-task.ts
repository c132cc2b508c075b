import { hasEnded, type TaskView, type Wake } from '@longhaul/core'
import { waitForEnd } from '../watch/wait-for-end.ts'
import { mayWait, readWaiting, type WaitingPorts } from './read-waiting.ts'
import { findVisibleTask, type FindPorts, type TaskName } from '../find/find-task.ts'

/**
 * A task of an agent, when its turn has ended or after `waitMs` milliseconds, and why its turn waits. Rejects with not_found, with the same
 * error for a task of another workspace as for an unknown one.
 */
export async function getTask(
  name: TaskName,
  { waitMs, signal }: { waitMs: number; signal: AbortSignal },
  ports: FindPorts & WaitingPorts & { wake: Wake },
): Promise<TaskView> {
  const { store, wake } = ports
  let view = await findVisibleTask(name, ports)
  if (waitMs > 0 && !hasEnded(view.status)) {
    await waitForEnd(view, { store, wake, ms: waitMs, signal })
    view = await findVisibleTask(name, ports)
  }
  const waiting = mayWait(view.status) ? await readWaiting(view, ports) : undefined
  return waiting === undefined ? view : { ...view, waiting }
}
