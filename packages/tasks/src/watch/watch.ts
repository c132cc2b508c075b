import {
  type Delta,
  type Fact,
  parseResponseId,
  type TaskStore,
  type Wake,
  type Watchable,
} from '@longhaul/core'
import { findTask, type FindPorts, type TaskName, unknownTask } from '../find/find-task.ts'
import { startCursor } from './start-cursor.ts'
import { watchTask } from './watch-task.ts'

type Options = {
  after: number | undefined
  follow: boolean
  only: Watchable | undefined
  signal: AbortSignal
  /** Receives how many bytes are loaded at most, and may throw. */
  admit?: (bytes: number) => void
}

/**
 * The entries of a task after the number `after`, up to the end of the turn to which the next entry belongs. Without a
 * number: the entries of the latest turn, or of a response's turn. Undefined when the task has nothing after the number
 * and no turn runs. With `follow` the watch continues over later turns. With `only` every other task counts as unknown.
 * Rejects with not_found.
 */
export async function watch(
  name: TaskName,
  { after, follow, only, signal, admit }: Options,
  ports: FindPorts & { wake: Wake; read: TaskStore['read'] },
): Promise<{ taskId: string; entries: AsyncIterable<(Fact | Delta)[]> } | undefined> {
  if (only !== undefined && !(await isOf(only, name, ports))) throw unknownTask(name.id)
  const view = await findTask(name, ports)
  admit?.(view.bytes)
  const { taskId } = view
  const { store, read, wake } = ports
  const begin = await startCursor(view, { id: name.id, after, follow, store })
  if (begin === undefined) return undefined
  const options = { read, wake, after: begin, turn: begin.turn, follow, signal }
  return { taskId, entries: watchTask(taskId, options) }
}

async function isOf(
  only: Watchable,
  { workspace, agent = '', id }: TaskName,
  { agents }: Pick<FindPorts, 'agents'>,
): Promise<boolean> {
  if ((parseResponseId(id)?.taskId ?? id) !== only.taskId) return false
  if ((await agents.identify(workspace, agent)) === only.agentId) return true
  return await agents.wasDeleted(workspace, only.agentId)
}
