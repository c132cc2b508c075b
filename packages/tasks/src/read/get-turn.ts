import {
  endsTurn,
  type Fact,
  parseResponseId,
  type Status,
  type TurnRef,
  type Waiting,
  type Wake,
} from '@longhaul/core'
import { waitForEnd } from '../watch/wait-for-end.ts'
import {
  findTask,
  type FindPorts,
  hasResponse,
  type TaskName,
  unknownTask,
} from '../find/find-task.ts'
import { mayWait, readWaiting, type WaitingPorts } from './read-waiting.ts'
import { turnFacts } from '../find/turn-facts.ts'

/**
 * The facts of the turn that an id names: the latest of a task, or that of a response. Resolves when the turn has
 * ended, or after `waitMs` milliseconds with the facts so far and the reason why it waits. `admit` receives how many bytes are loaded at most, and
 * may throw. Rejects with not_found.
 */
export async function getTurn(
  name: TaskName,
  {
    waitMs,
    signal,
    admit,
  }: { waitMs: number; signal: AbortSignal; admit?: (bytes: number, status: Status) => void },
  ports: FindPorts & WaitingPorts & { wake: Wake },
): Promise<TurnRef & { facts: Fact[]; waiting?: Waiting }> {
  const { store, wake } = ports
  const view = await findTask(name, ports)
  const { taskId } = view
  const turn = parseResponseId(name.id)?.turn ?? view.turn
  if (!hasResponse(view, turn)) throw unknownTask(name.id)
  if (waitMs > 0) await waitForEnd({ taskId, turn }, { store, wake, ms: waitMs, signal })
  admit?.(view.bytes, view.status)
  const facts = await turnFacts(view, turn, store)
  // The turn has been deleted since.
  if (facts.length === 0) throw unknownTask(name.id)
  const isOver = turn < view.turn || facts.some(endsTurn)
  const waiting =
    !isOver && (waitMs > 0 || mayWait(view.status))
      ? await readWaiting({ taskId, turn }, ports)
      : undefined
  return { taskId, turn, facts, ...(waiting && { waiting }) }
}
