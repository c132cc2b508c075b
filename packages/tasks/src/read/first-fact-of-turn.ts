import { type FactOf, parseResponseId, type Status } from '@longhaul/core'
import { bytesOfFirst } from '../find/bytes-of-first-fact.ts'
import {
  findTask,
  type FindPorts,
  hasResponse,
  type TaskName,
  unknownTask,
} from '../find/find-task.ts'

/**
 * The first fact of the turn that an id names: the latest of a task, or that of a response. `admit` receives how many
 * bytes are loaded at most, and may throw. Rejects with not_found.
 */
export async function firstFactOfTurn(
  name: TaskName,
  admit: (bytes: number, status: Status) => void,
  ports: FindPorts,
): Promise<{ taskId: string; started: FactOf<'turn.started'> }> {
  const { store } = ports
  const view = await findTask(name, ports)
  const turn = parseResponseId(name.id)?.turn ?? view.turn
  if (!hasResponse(view, turn)) throw unknownTask(name.id)
  const { taskId } = view
  const latest = turn === view.turn ? view.started : undefined
  const begin = latest ?? (await store.turns(taskId)).find((each) => each.turn === turn)
  admit(bytesOfFirst(view), view.status)
  const [fact] =
    begin === undefined ? [] : await store.readableFacts(taskId, begin.fact, begin.fact)
  if (fact?.type !== 'turn.started') throw unknownTask(name.id)
  return { taskId, started: fact }
}
