import {
  hasEnded,
  invalid,
  limits,
  LonghaulError,
  parseResponseId,
  type TaskView,
} from '@longhaul/core'
import { hasResponse, taskNamed, unknownTask } from '../find/find-task.ts'
import { copyConversation } from './copy-conversation.ts'
import { newTaskId } from './new-task-id.ts'
import type { Answered, Located, StepPorts } from './pipeline.ts'
import { conversationLocked, stillRunning } from './problems.ts'
import type { Target } from './target.ts'
import type { RequestFields } from './turn-request.ts'

/**
 * Finds the target of a request: the task that its turn continues or begins. Rejects with not_found, conflict or
 * invalid.
 */
export async function locate(
  request: RequestFields,
  found: Answered,
  ports: StepPorts,
): Promise<Located> {
  const { workspace, taskId, follows, stored = true } = request
  const expected = { workspace, agentId: found.answerer.agentId, stored }
  if (taskId !== undefined) return { ...found, target: await inTask(taskId, expected, ports) }
  if (follows === undefined) return { ...found, target: { kind: 'new', pending: [] } }
  const target =
    'response' in follows
      ? await afterResponse(follows.response, expected, ports)
      : await inConversation(follows.conversation, expected, ports)
  return { ...found, target }
}

type Expected = { workspace: string; agentId: string; stored: boolean }

async function inTask(
  taskId: string,
  { workspace, agentId }: Expected,
  ports: StepPorts,
): Promise<Target> {
  const task = await taskNamed(taskId, { workspace, store: ports.store })
  if (task === undefined) throw unknownTask(taskId)
  if (task.agentId !== agentId) throw await notOfAgent(task, ports)
  if (!hasEnded(task.status)) throw stillRunning(taskId)
  return { kind: 'continue', task, pending: pendingOf(task) }
}

/** The error for a task that is continued with another agent than its own. */
async function notOfAgent(
  { taskId, workspace, agentId }: TaskView,
  { agents }: StepPorts,
): Promise<LonghaulError> {
  if (!(await agents.wasDeleted(workspace, agentId))) return unknownTask(taskId)
  return new LonghaulError(
    'conflict',
    `The agent of task ${taskId} was deleted, so the task cannot go on: begin a new one`,
  )
}

/** After the latest response of a task comes its next turn. After any other response a new task begins. */
async function afterResponse(id: string, expected: Expected, ports: StepPorts): Promise<Target> {
  const response = parseResponseId(id)
  const task = response && (await ports.store.view(response.taskId))
  if (response === undefined || task?.workspace !== expected.workspace) throw noSuchResponse(id)
  const { turn } = response
  if (!hasResponse(task, turn)) throw noSuchResponse(id)
  const isLatest = turn === task.turn
  if (isLatest && !hasEnded(task.status)) {
    throw invalid('previousResponse', `${id} has not ended yet`)
  }
  const sameKeeping = (task.keepForMs !== limits.unstored) === expected.stored
  if (isLatest && task.agentId === expected.agentId && sameKeeping) {
    return { kind: 'fork', task, pending: pendingOf(task) }
  }
  return { kind: 'fork', ...(await copyConversation(task, turn, ports)) }
}

/** A conversation continues in one task as long as the same agent answers. An unknown name begins a new task. */
async function inConversation(id: string, expected: Expected, ports: StepPorts): Promise<Target> {
  const { store, conversations } = ports
  const seen = await conversations.find(expected.workspace, id)
  const task = seen && (await store.view(seen.taskId))
  if (task === undefined) {
    const to = seen ?? { taskId: await newTaskId(expected.workspace, ports) }
    const source = to.copies === undefined ? undefined : await store.view(to.copies)
    const begin =
      source === undefined ? { pending: [] } : await copyConversation(source, source.turn, ports)
    return { kind: 'conversation', binding: { id, seen, to }, ...begin }
  }
  if (!hasEnded(task.status)) throw conversationLocked(id)
  if (task.agentId === expected.agentId) {
    const binding = { id, seen, to: { taskId: task.taskId } }
    return { kind: 'conversation', binding, task, pending: pendingOf(task) }
  }
  const binding = {
    id,
    seen,
    to: { taskId: await newTaskId(expected.workspace, ports), copies: task.taskId },
  }
  return { kind: 'conversation', binding, ...(await copyConversation(task, task.turn, ports)) }
}

function pendingOf({ result }: TaskView): string[] {
  return result?.pending.map(({ callId }) => callId) ?? []
}

function noSuchResponse(id: string): LonghaulError {
  const message = `there is no response ${id}`
  return new LonghaulError('invalid', `previousResponse: ${message}`, {
    reason: 'previous_response_not_found',
    fields: [{ path: 'previousResponse', message }],
  })
}
