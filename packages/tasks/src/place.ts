import {
  type Admit,
  type BoundConversation,
  type Conversations,
  conversationOf,
  fold,
  hasEnded,
  invalid,
  limits,
  LonghaulError,
  parseResponseId,
  type RequestNotes,
  type Said,
  type TaskStore,
  type TaskView,
} from '@longhaul/core'
import type { Agents } from './agents.ts'
import { hasResponse, taskNamed, unknownTask } from './find-task.ts'
import type { TurnRequest } from './turn-request.ts'

/** Where a turn goes: on in the task `onward`, or into a new one, which may begin with what was said in another. */
export type Place = {
  onward?: TaskView
  from?: Copied
  /** The conversation that the turn is of: what it was bound to, and what it is to be bound to. */
  conversation?: Binding
  /** Calls that wait for their results. */
  pending: string[]
}

type Binding = { id: string; seen: BoundConversation | undefined; to: BoundConversation }

/** The conversation of a task up to the end of a turn, and what went with it. */
export type Copied = {
  said: Said[]
  variables: Record<string, unknown>
  notes: RequestNotes
}

export type PlacePorts = {
  store: TaskStore
  conversations: Conversations
  agents: Pick<Agents, 'wasDeleted'>
  turnDeadlineMs: number
  retentionMs: number
  freshTaskId: () => string
  /** What is copied is loaded first. */
  admit: Admit
}

/** Where a request's turn goes, as things are now. Rejects with not_found, conflict or invalid. */
export async function placeOf(
  request: TurnRequest,
  agentId: string,
  ports: PlacePorts,
): Promise<Place> {
  const { taskId, follows, workspace, message } = request
  if (taskId !== undefined) {
    const view = await taskNamed(taskId, { workspace, store: ports.store })
    if (view === undefined) throw unknownTask(taskId)
    if (view.agentId !== agentId) throw await notOf(view, ports)
    if (!hasEnded(view.status)) throw stillRunning(taskId)
    return goOn(view)
  }
  if (follows === undefined) {
    if (message.role === 'tool' && request.before === undefined) {
      throw invalid('task_id', 'tool results need the task_id of the task that asked for them')
    }
    return { pending: [] }
  }
  const wanted = { workspace, agentId, stored: request.stored !== false }
  return 'response' in follows
    ? await afterResponse(follows.response, wanted, ports)
    : await inConversation(follows.conversation, wanted, ports)
}

type Wanted = { workspace: string; agentId: string; stored: boolean }

function goOn(view: TaskView): Place {
  return { onward: view, pending: view.result?.pending.map(({ callId }) => callId) ?? [] }
}

/** After the latest response of a task its next turn comes; after any other one another task begins. */
async function afterResponse(id: string, wanted: Wanted, ports: PlacePorts): Promise<Place> {
  const response = parseResponseId(id)
  const view = response && (await ports.store.view(response.taskId))
  if (response === undefined || view?.workspace !== wanted.workspace) throw noSuchResponse(id)
  const { turn } = response
  if (!hasResponse(view, turn)) throw noSuchResponse(id)
  if (turn === view.turn && !hasEnded(view.status)) {
    throw invalid('previous_response_id', `${id} has not ended yet`)
  }
  const sameKeeping = (view.keptMs !== limits.unstored) === wanted.stored
  if (turn === view.turn && view.agentId === wanted.agentId && sameKeeping) return goOn(view)
  return await copyOf(view, turn, ports)
}

/** Why a task does not go on with another agent than its own. */
async function notOf(
  { taskId, workspace, agentId }: TaskView,
  { agents }: PlacePorts,
): Promise<LonghaulError> {
  if (!(await agents.wasDeleted(workspace, agentId))) return unknownTask(taskId)
  return new LonghaulError(
    'conflict',
    `The agent of task ${taskId} was deleted, so the task cannot go on: begin a new one, without a task_id`,
  )
}

/** A copy of what was said in a task up to the end of a turn, if that much may be loaded now. */
export async function copyOf(
  { taskId, notes, bytes }: TaskView,
  turn: number,
  { store, admit }: Pick<PlacePorts, 'store' | 'admit'>,
): Promise<Place> {
  admit(bytes)
  const turns = await store.turns(taskId)
  const next = turns.find((each) => each.turn > turn)
  const state = fold(await store.told(taskId, 0, next === undefined ? -1 : next.fact - 1))
  const { ended, variables } = state
  const pending = ended?.type === 'turn.completed' ? ended.pending : []
  return {
    from: { said: conversationOf(state), variables, notes },
    pending: pending.map(({ callId }) => callId),
  }
}

/** A conversation goes on in one task for as long as one agent answers; a name that nobody knows begins a new one. */
async function inConversation(id: string, wanted: Wanted, ports: PlacePorts): Promise<Place> {
  const { store, conversations, freshTaskId } = ports
  const seen = await conversations.find(wanted.workspace, id)
  const view = seen && (await store.view(seen.taskId))
  if (view === undefined) {
    const to = seen ?? { taskId: freshTaskId() }
    const source = to.copies === undefined ? undefined : await store.view(to.copies)
    const copied = source === undefined ? { pending: [] } : await copyOf(source, source.turn, ports)
    return { ...copied, conversation: { id, seen, to } }
  }
  if (!hasEnded(view.status)) throw conversationLocked(id)
  if (view.agentId === wanted.agentId) {
    return { ...goOn(view), conversation: { id, seen, to: { taskId: view.taskId } } }
  }
  const to = { taskId: freshTaskId(), copies: view.taskId }
  return { ...(await copyOf(view, view.turn, ports)), conversation: { id, seen, to } }
}

/** Has the conversation of a place be found in this task from now on. Rejects when another request was faster. */
export async function bindConversation(
  { id, seen, to }: Binding,
  { workspace, taskId }: { workspace: string; taskId: string },
  { conversations, turnDeadlineMs, retentionMs }: PlacePorts,
): Promise<void> {
  // For at least as long as any turn that begins now, and its task.
  const ms = turnDeadlineMs + retentionMs
  const bound = await conversations.bind(workspace, id, { ...to, taskId }, { seen, ms })
  if (bound.taskId !== taskId) throw conversationLocked(id)
}

export function stillRunning(id: string): LonghaulError {
  return new LonghaulError('conflict', `Task ${id} has a turn in progress: wait until it has ended`)
}

export function conversationLocked(id: string): LonghaulError {
  const message = `the conversation ${id} has a response in progress: wait until it has ended`
  return new LonghaulError('invalid', `conversation: ${message}`, {
    reason: 'conversation_locked',
    fields: [{ path: 'conversation', message }],
  })
}

function noSuchResponse(id: string): LonghaulError {
  const message = `there is no response ${id}`
  return new LonghaulError('invalid', `previous_response_id: ${message}`, {
    reason: 'previous_response_not_found',
    fields: [{ path: 'previous_response_id', message }],
  })
}
