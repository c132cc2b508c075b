import { checkTemplate } from '@longhaul/content'
import {
  type BoundRequest,
  fullOf,
  hasEnded,
  type IdempotencyKeys,
  invalid,
  limits,
  LonghaulError,
  maxShards,
  type Plan,
  type RequestNotes,
  type TaskStore,
  taskIdInShard,
  type TaskView,
} from '@longhaul/core'
import { accepted, acceptedBefore } from './accepted.ts'
import type { Agents } from './agents.ts'
import { checkFiles } from './check-files.ts'
import { bindKey, findEarlier } from './earlier-request.ts'
import { findTask, unknownTask } from './find-task.ts'
import { renderMessage } from './render-message.ts'
import type { ResolvedAgent } from './resolver.ts'
import type { Seal } from './seal.ts'
import { sealVariables } from './seal-variables.ts'
import type { AcceptedTurn, TurnRequest } from './turn-request.ts'

export type SubmitPorts = {
  store: TaskStore
  idempotency: IdempotencyKeys
  agents: Agents
  shards: number
  /** How long a turn may take in all, and how long an ended task is kept, milliseconds. */
  turnDeadlineMs: number
  retentionMs: number
  newId: () => string
  /** Random lower-case hex digits. */
  newHex: (digits: number) => string
  seal: Seal
}

/**
 * Accepts a turn. Rejects with invalid, not_found, conflict (a turn is live), task_full, mismatch (the
 * idempotency key belongs to another request) or unavailable.
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
    parts: checkFiles(await renderMessage({ ...request, variables }, plan, before, store)),
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
    idempotency === undefined ? mine : await bindKey({ ...mine, ...idempotency }, workspace, ports)
  const { labels = [] } = request
  const reply = await store.submit({
    taskId,
    workspace,
    agentId,
    requestId,
    after,
    started,
    labels,
    deadlineMs: ports.turnDeadlineMs,
    retentionMs: ports.retentionMs,
  })
  if (reply.action === 'not_found') throw unknownTask(taskId)
  if (reply.action === 'conflict') throw stillRunning(taskId)
  if (reply.action === 'full') throw new LonghaulError('task_full', fullOf(reply.what))
  const { action, ...taken } = reply
  if (action === 'replay') return await acceptedBefore(taskId, taken, store)
  return accepted(taskId, taken, started)
}

/** A continuation goes on with what it does not say anew. */
function notesOf({ notes }: TurnRequest, before: TaskView | undefined): RequestNotes | undefined {
  const kept = before?.notes ?? {}
  if (notes === undefined && Object.keys(kept).length === 0) return undefined
  const all = { ...kept, ...notes }
  if (JSON.stringify(all).length <= limits.notes) return all
  const sizes = Object.entries(all).map(([name, note]) => ({
    name,
    size: JSON.stringify(note).length,
  }))
  const [largest] = sizes.toSorted((a, b) => b.size - a.size)
  throw invalid(largest?.name ?? '', `is too large: ${limits.notes} characters are kept`)
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

function freshTaskId({ newId, shards }: SubmitPorts): string {
  const shard = Math.floor(Math.random() * Math.min(shards, maxShards))
  return taskIdInShard(newId(), shard)
}

function stillRunning(id: string): LonghaulError {
  return new LonghaulError('conflict', `Task ${id} has a turn in progress: wait until it has ended`)
}
