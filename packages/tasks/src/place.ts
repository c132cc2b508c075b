import {
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
import { findTask, hasResponse } from './find-task.ts'
import type { TurnRequest } from './turn-request.ts'

/** Where a turn goes: on in the task `onward`, or into a new one, which may begin with what was said in another. */
export type Place = {
  onward?: TaskView
  /** The id of the new task, where it is known already. */
  taskId?: string
  from?: Copied
  /** Calls that wait for their results. */
  pending: string[]
}

/** The conversation of a task up to the end of a turn, and what went with it. */
export type Copied = {
  said: Said[]
  variables: Record<string, unknown>
  notes: RequestNotes
}

export type PlacePorts = {
  store: TaskStore
  conversations: Conversations
  turnDeadlineMs: number
  retentionMs: number
  freshTaskId: () => string
}

/** Where a request's turn goes, as things are now. Rejects with not_found, conflict or invalid. */
export async function placeOf(
  request: TurnRequest,
  agentId: string,
  ports: PlacePorts,
): Promise<Place> {
  const { taskId, follows, workspace, message } = request
  if (taskId !== undefined) {
    const view = await findTask(taskId, { workspace, agentId, store: ports.store })
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

/** A copy of what was said in a task up to the end of a turn. */
export async function copyOf(
  { taskId, notes }: TaskView,
  turn: number,
  { store }: Pick<PlacePorts, 'store'>,
): Promise<Place> {
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
  const { store, conversations } = ports
  const { workspace, agentId } = wanted
  const bind = (to: BoundConversation, seen: BoundConversation | undefined) => {
    // For at least as long as any turn that begins now, and its task.
    const ms = ports.turnDeadlineMs + ports.retentionMs
    return conversations.bind(workspace, id, to, { seen, ms })
  }
  const seen = await conversations.find(workspace, id)
  const view = seen && (await store.view(seen.taskId))
  if (seen === undefined || view === undefined) {
    const bound = await bind(seen ?? { taskId: ports.freshTaskId() }, seen)
    const source = bound.copies === undefined ? undefined : await store.view(bound.copies)
    const copied = source === undefined ? { pending: [] } : await copyOf(source, source.turn, ports)
    return { ...copied, taskId: bound.taskId }
  }
  if (!hasEnded(view.status)) throw conversationLocked(id)
  if (view.agentId === agentId) {
    await bind(seen, seen)
    return goOn(view)
  }
  const to = { taskId: ports.freshTaskId(), copies: view.taskId }
  const bound = await bind(to, seen)
  if (bound.taskId !== to.taskId) throw conversationLocked(id)
  return { ...(await copyOf(view, view.turn, ports)), taskId: to.taskId }
}

/** Has a conversation, whose task was deleted, go on in a new one. */
export async function beginAnew(
  { workspace, id, taskId }: { workspace: string; id: string; taskId: string },
  { conversations, turnDeadlineMs, retentionMs }: PlacePorts,
): Promise<void> {
  const seen = await conversations.find(workspace, id)
  const ms = turnDeadlineMs + retentionMs
  const bound = await conversations.bind(workspace, id, { taskId }, { seen, ms })
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
