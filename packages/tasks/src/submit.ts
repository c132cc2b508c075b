import { checkTemplate, render } from '@longhaul/content'
import {
  type BoundRequest,
  type Engine,
  fold,
  hasEnded,
  type IdempotencyKeys,
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
  type Submission,
  type TakenTurn,
  type TaskStore,
  taskIdInShard,
  type TaskView,
  type TurnRef,
} from '@longhaul/core'
import type { Agents, ResolvedAgent } from './agents.ts'
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
  /** Under one key, requests of one fingerprint are one request. */
  idempotency?: { key: string; fingerprint: string }
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
  /** It had been accepted before: this was a repeat of that request. */
  replayed: boolean
}

export type SubmitPorts = {
  store: TaskStore
  idempotency: IdempotencyKeys
  agents: Agents
  shards: number
  newId: () => string
  /** Random lower-case hex digits. */
  newHex: (digits: number) => string
  seal: Seal
}

/**
 * Accepts a turn. Rejects with invalid, not_found, conflict (a turn is live), mismatch (the idempotency
 * key belongs to another request) or unavailable.
 */
export async function submit(request: TurnRequest, ports: SubmitPorts): Promise<AcceptedTurn> {
  const resolved = await ports.agents.resolve(request.workspace, request.agent)
  if (resolved === undefined)
    throw new LonghaulError('not_found', `Agent ${request.agent} not found`)
  const earlier = await findEarlier(request, ports)
  if (earlier?.turn !== undefined) return earlier.turn
  try {
    return await submitNew(request, { resolved, bound: earlier?.bound, ports })
  } catch (error) {
    if (request.idempotency === undefined || !(error instanceof LonghaulError)) throw error
    // A twin that was faster may be why this one was refused.
    const twin = await findEarlier(request, ports)
    if (twin?.turn !== undefined) return twin.turn
    throw error
  }
}

async function submitNew(
  request: TurnRequest,
  options: { resolved: ResolvedAgent; bound: BoundRequest | undefined; ports: SubmitPorts },
): Promise<AcceptedTurn> {
  const { bound, ports } = options
  const { store, newId, newHex, seal } = ports
  const { workspace, idempotency } = request
  const { agentId, planHash, plan } = options.resolved
  checkEngine(request, plan)

  const before = await latestTurn(request, agentId, store)
  const variables = request.variables && sealVariables(request.variables, { workspace, seal })
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
  const mine = bound ?? {
    taskId: before?.taskId ?? freshTaskId(ports),
    requestId: started.traceId,
    after: before?.turn ?? 0,
  }
  const { taskId, requestId, after } =
    idempotency === undefined ? mine : await bind({ ...mine, ...idempotency }, workspace, ports)
  const { labels = [] } = request
  const submission = { taskId, workspace, agentId, requestId, after, started, labels }
  const reply = await store.submit(submission)
  if (reply.action === 'not_found') throw unknownTask(taskId)
  if (reply.action === 'conflict') throw stillRunning(taskId)
  const { action, ...taken } = reply
  if (action === 'replay') return await acceptedBefore(taskId, taken, store)
  return accepted(taskId, taken, started)
}

function accepted(
  taskId: string,
  taken: TakenTurn,
  { model, message, assistantMessageId, traceId, spanId }: Submission['started'],
): AcceptedTurn {
  const ids = { messageId: assistantMessageId, userMessageId: message.messageId, traceId, spanId }
  return { taskId, ...taken, model, ...ids, replayed: false }
}

/** The turn that a request was given when it came first, as its first fact tells it. */
async function acceptedBefore(
  taskId: string,
  taken: TakenTurn,
  store: TaskStore,
): Promise<AcceptedTurn> {
  const [started] = await store.facts(taskId, taken.fact, taken.fact)
  if (started?.type !== 'turn.started') throw unknownTask(taskId)
  return { ...accepted(taskId, taken, started), replayed: true }
}

/** The request that came first under the same key, and its turn, if it got one before it was cut off. */
async function findEarlier(
  { workspace, idempotency }: TurnRequest,
  ports: SubmitPorts,
): Promise<{ bound: BoundRequest; turn?: AcceptedTurn } | undefined> {
  if (idempotency === undefined) return undefined
  const bound = await ports.idempotency.find(workspace, idempotency.key)
  if (bound === undefined) return undefined
  refuseOther(bound, idempotency)
  const taken = await ports.store.turnOf(bound.taskId, bound.requestId)
  if (taken === undefined) return { bound }
  return { bound, turn: await acceptedBefore(bound.taskId, taken, ports.store) }
}

async function bind(
  { key, ...request }: BoundRequest & { key: string },
  workspace: string,
  { idempotency }: SubmitPorts,
): Promise<BoundRequest> {
  const bound = await idempotency.bind(workspace, key, request)
  refuseOther(bound, request)
  return bound
}

function refuseOther(bound: BoundRequest, { fingerprint }: { fingerprint: string }): void {
  if (bound.fingerprint === fingerprint) return
  throw new LonghaulError('mismatch', 'Another request came with this Idempotency-Key before.', {
    fields: [{ path: 'Idempotency-Key', message: 'belongs to a request with another body' }],
  })
}

/** A continuation goes on with what it does not say anew. */
function notesOf({ notes }: TurnRequest, before: TaskView | undefined): RequestNotes | undefined {
  const all = { ...before?.notes, ...notes }
  const sizes = Object.entries(all).map(
    ([name, value]) => [name, JSON.stringify(value).length] as const,
  )
  if (sizes.length === 0) return undefined
  const [largest = ''] = sizes.toSorted(([, a], [, b]) => b - a)[0] ?? []
  const size = sizes.reduce((sum, [, length]) => sum + length, 0)
  if (size > limits.notes)
    throw invalid(largest, `is too large: ${limits.notes} characters are kept`)
  return all
}

/** An agent's templates were checked for its own engine; a turn may ask for another. */
function checkEngine({ engine }: TurnRequest, plan: Plan): void {
  if (engine === undefined || engine === plan.engine) return
  for (const template of [plan.system, ...Object.values(plan.systemParts ?? {})]) {
    const problem = checkTemplate(template, engine)
    if (problem === undefined) continue
    throw invalid('engine', `${engine} does not fit the agent: ${problem}`)
  }
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
  if (!parts.some((part) => part.kind === 'text' && mayBeTemplate(part.text))) return parts
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

/** All tags of all engines begin so. */
function mayBeTemplate(text: string): boolean {
  return /\{[{%#]/.test(text)
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
