import { parseResponseId, type SubmitLimits, type TurnRef } from '@longhaul/core'
import { redrive, type RedrivePorts } from '../admin/redrive.ts'
import { findTask, type FindPorts, type TaskName } from '../find/find-task.ts'
import { orRepeat } from '../lib/when-unavailable.ts'

type Ports = Omit<RedrivePorts, 'agents'> &
  FindPorts & { submitLimits: SubmitLimits; random: () => number }

/**
 * Redrives a failed turn for its workspace, whose limits apply. Rejects with not_found, conflict, task_full,
 * rate_limited or unavailable.
 */
export async function redriveTask(name: TaskName, ports: Ports): Promise<TurnRef> {
  const { taskId } = await findTask(name, ports)
  const id = parseResponseId(name.id) === undefined ? taskId : name.id
  const { agents, submitLimits: redriveLimits } = ports
  const found = { idOf: (workspace: string, ref: string) => agents.identify(workspace, ref) }
  return await orRepeat('Ask again: it goes on once.', () =>
    redrive(id, { ...ports, agents: found, redriveLimits }),
  )
}
