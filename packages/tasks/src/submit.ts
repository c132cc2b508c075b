import { checkTemplate, render } from '@longhaul/content'
import {
  type Engine,
  fold,
  hasEnded,
  type InputMessage,
  type InputPart,
  invalid,
  isUlid,
  limits,
  LonghaulError,
  maxShards,
  parseResponseId,
  type Plan,
  printable,
  type RequestNotes,
  type TaskStore,
  taskIdInShard,
  type TaskView,
  type TurnRef,
} from '@longhaul/core'
import type { Agents } from './agents.ts'
import { checkFiles } from './check-files.ts'
import type { Seal } from './seal.ts'
import { sealVariables } from './seal-variables.ts'

/** One POST to an agent: the first turn of a new task, or the next one of `taskId`. */
export type TurnRequest = {
  workspace: string
  /** The agent's key or id, with or without `@version`. */
  agent: string
  taskId?: string
  message: { messageId?: string; role: InputMessage['role']; parts: InputPart[] }
  variables?: Record<string, unknown>
  engine?: Engine
  notes?: RequestNotes
  labels?: string[]
}

/** A turn that was accepted: from here on it is not lost. */
export type AcceptedTurn = TurnRef & {
  startedAt: number
  model: string
  messageId: string
  userMessageId: string
  traceId: string
  spanId: string
  /** Where the turn begins in the task's numbers and in its log. */
  pos: number
  fact: number
}

export type SubmitPorts = {
  store: TaskStore
  agents: Agents
  shards: number
  newId: () => string
  /** Random lower-case hex digits. */
  newHex: (digits: number) => string
  seal: Seal
}

/** Accepts a turn. Rejects with invalid, not_found, conflict (a turn is live) or unavailable. */
export async function submit(request: TurnRequest, ports: SubmitPorts): Promise<AcceptedTurn> {
  const { store, newId, newHex, seal } = ports
  const resolved = await ports.agents.resolve(request.workspace, request.agent)
  if (resolved === undefined)
    throw new LonghaulError('not_found', `Agent ${request.agent} not found`)
  const { agentId, planHash, plan } = resolved
  checkEngine(request, plan)

  const before = await latestTurn(request, agentId, store)
  const taskId = before?.taskId ?? freshTaskId(ports)
  const variables =
    request.variables && sealVariables(request.variables, { workspace: request.workspace, seal })
  const notes = notesOf(request, before)
  const message = {
    messageId: request.message.messageId ?? newId(),
    role: request.message.role,
    parts: checkFiles(await rendered({ ...request, variables }, plan, before, store)),
  }
  const started = {
    plan: planHash,
    model: plan.models[0]?.id ?? '',
    message,
    assistantMessageId: newId(),
    traceId: newHex(32),
    spanId: newHex(16),
    ...(variables === undefined ? {} : { variables }),
    ...(request.engine === undefined ? {} : { engine: request.engine }),
    ...(notes === undefined ? {} : { notes }),
  }
  const reply = await store.submit({
    taskId,
    workspace: request.workspace,
    agentId,
    requestId: started.traceId,
    after: before?.turn ?? 0,
    started,
    labels: request.labels ?? [],
  })
  if (reply.action === 'not_found') throw unknownTask(taskId)
  if (reply.action === 'conflict') throw stillRunning(taskId)
  return {
    taskId,
    turn: reply.turn,
    startedAt: reply.startedAt,
    pos: reply.pos,
    fact: reply.fact,
    model: started.model,
    messageId: started.assistantMessageId,
    userMessageId: message.messageId,
    traceId: started.traceId,
    spanId: started.spanId,
  }
}

/** A continuation goes on with what it does not say anew. */
function notesOf({ notes }: TurnRequest, before: TaskView | undefined): RequestNotes | undefined {
  const all = { ...before?.notes, ...notes }
  const sizes = Object.entries(all).map(([name, value]) => [name, JSON.stringify(value).length] as const)
  if (sizes.length === 0) return undefined
  const [largest = ''] = sizes.toSorted(([, a], [, b]) => b - a)[0] ?? []
  const size = sizes.reduce((sum, [, length]) => sum + length, 0)
  if (size > limits.notes) throw invalid(largest, `is too large: ${limits.notes} characters are kept`)
  return all
}

/** An agent's template was checked for its own engine; a turn may ask for another. */
function checkEngine({ engine }: TurnRequest, plan: Plan): void {
  if (engine === undefined || engine === plan.engine) return
  const problem = checkTemplate(plan.system, engine)
  if (problem !== undefined) throw invalid('engine', `${engine} does not fit the agent: ${problem}`)
}

async function latestTurn(
  request: TurnRequest,
  agentId: string,
  store: TaskStore,
): Promise<TaskView | undefined> {
  const { message, workspace } = request
  if (request.taskId === undefined) {
    if (message.role === 'tool') {
      throw invalid('task_id', 'tool results need the task_id of the task that asked for them')
    }
    return undefined
  }
  const view = await findTask(request.taskId, { workspace, agentId, store })
  if (!hasEnded(view.status)) throw stillRunning(request.taskId)
  checkAnswers(message, view.result?.pending.map((call) => call.callId) ?? [])
  return view
}

/** The task of this workspace and agent that an id, or one of its response ids, names. Rejects with not_found. */
export async function findTask(
  id: string,
  owner: { workspace: string; agentId: string; store: TaskStore },
): Promise<TaskView> {
  const response = parseResponseId(id)
  const taskId = response?.taskId ?? id
  const view = isUlid(taskId) ? await owner.store.view(taskId) : undefined
  if (view === undefined || view.workspace !== owner.workspace || view.agentId !== owner.agentId) {
    throw unknownTask(id)
  }
  if (response !== undefined && !(response.turn >= 1 && response.turn <= view.turn)) {
    throw unknownTask(id)
  }
  return view
}

function checkAnswers(message: TurnRequest['message'], pending: string[]): void {
  if (message.role === 'user') {
    if (pending.length === 0) return
    throw invalid(
      'message.role',
      `the task waits for the results of ${pending.join(', ')}: answer with a tool message first`,
    )
  }
  const seen = new Set<string>()
  for (const [at, part] of message.parts.entries()) {
    if (part.kind !== 'tool_result') continue
    const path = `message.parts[${at}].tool_call_id`
    if (!pending.includes(part.callId)) throw invalid(path, `${part.callId} is not a pending call`)
    if (seen.has(part.callId)) throw invalid(path, `${part.callId} is answered twice`)
    seen.add(part.callId)
  }
}

async function rendered(
  request: Pick<TurnRequest, 'message' | 'engine'> & {
    variables: Record<string, unknown> | undefined
  },
  plan: Plan,
  before: TaskView | undefined,
  store: TaskStore,
): Promise<InputPart[]> {
  const { parts } = request.message
  if (!parts.some((part) => part.kind === 'text' && part.text.includes('{{'))) return parts
  // A continuation without variables of its own goes on with those of the turn before.
  const given =
    request.variables ??
    (before === undefined ? {} : fold(await store.facts(before.taskId)).variables)
  const variables = printable({ ...plan.variables, ...given })
  const engine = request.engine ?? plan.engine
  return parts.map((part, at) =>
    part.kind === 'text'
      ? { ...part, text: renderPart(part.text, { engine, variables }, `message.parts[${at}].text`) }
      : part,
  )
}

function renderPart(
  text: string,
  values: { engine: Engine; variables: Record<string, unknown> },
  path: string,
): string {
  try {
    return render(text, values)
  } catch (error) {
    if (error instanceof LonghaulError) throw invalid(path, error.message)
    throw error
  }
}

function freshTaskId({ newId, shards }: SubmitPorts): string {
  const shard = Math.floor(Math.random() * Math.min(shards, maxShards))
  return taskIdInShard(newId(), shard)
}

function unknownTask(id: string): LonghaulError {
  return new LonghaulError('not_found', `Task ${id} not found`)
}

function stillRunning(id: string): LonghaulError {
  return new LonghaulError('conflict', `Task ${id} has a turn in progress: wait until it has ended`)
}
