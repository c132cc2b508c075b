import { parseResponseId, type TaskView, type Wake } from '@longhaul/core'
import { orRepeat } from '../lib/when-unavailable.ts'
import {
  findTask,
  type FindPorts,
  hasResponse,
  type TaskName,
  unknownTask,
} from '../find/find-task.ts'
import { cancelTurn } from './cancel-turn.ts'

/** Cancels the turn that an id names: the latest of a task, or that of a response. Rejects with not_found. */
export async function cancel(
  name: TaskName,
  options: { waitMs: number; signal: AbortSignal },
  ports: FindPorts & { wake: Wake },
): Promise<{ view: TaskView; ended: boolean }> {
  const outcome = await orRepeat(
    'Cancel it again: a turn that was cancelled stays so.',
    async () => {
      const { taskId, turn } = await findTask(name, ports)
      const meant = { taskId, turn: parseResponseId(name.id)?.turn ?? turn }
      return await cancelTurn(meant, { ...ports, ...options })
    },
  )
  if (outcome === undefined || !hasResponse(outcome.view, outcome.view.turn)) {
    throw unknownTask(name.id)
  }
  return outcome
}
