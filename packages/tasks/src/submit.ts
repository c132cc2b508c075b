import { checkTemplates, type ContentBudget, createContentBudget } from '@longhaul/content'
import {
  type Admit,
  type BoundRequest,
  noRoom,
  type IdempotencyKeys,
  invalid,
  limits,
  LonghaulError,
  maxShards,
  noAgent,
  type Plan,
  type Submission,
  type SubmitReply,
  taskIdInShard,
} from '@longhaul/core'
import { accepted, acceptedBefore } from './accepted.ts'
import type { Agents } from './agents.ts'
import { checkAnswers } from './check-answers.ts'
import { type AnsweringPlan, draftTurn, type DraftPorts } from './draft-turn.ts'
import { bindKey, findEarlier } from './earlier-request.ts'
import { unknownTask } from './find-task.ts'
import {
  bindConversation,
  type Copied,
  conversationLocked,
  copyOf,
  type PlacePorts,
  placeOf,
  stillRunning,
} from './place.ts'
import { plainPlan } from './plain-plan.ts'
import { isUnavailable, orMaybeAccepted, orNothingAccepted } from './outcome.ts'
import type { AcceptedTurn, TurnRequest } from './turn-request.ts'

export type SubmitPorts = Omit<DraftPorts, 'admit'> &
  Omit<PlacePorts, 'freshTaskId' | 'agents' | 'admit'> & {
    idempotency: IdempotencyKeys
    agents: Agents
    shards: number
  }

/** With `admit`, which is asked before what a task holds is loaded for the turn. */
type AdmittingPorts = SubmitPorts & { admit: Admit }

/**
 * Accepts a turn. Rejects with invalid, not_found, conflict (a turn is live), task_full, mismatch (the
 * idempotency key belongs to another request), unavailable, or what `admit` throws: then nothing was accepted, unless the
 * error names a task.
 */
export async function submit(request: TurnRequest, ports: AdmittingPorts): Promise<AcceptedTurn> {
  return await orNothingAccepted(() => submitOnce(request, ports))
}

async function submitOnce(request: TurnRequest, ports: AdmittingPorts): Promise<AcceptedTurn> {
  // A repeat is answered before its agent is read: that may have changed or gone since.
  const earlier = await findEarlier(request, ports)
  if (earlier?.turn !== undefined) return earlier.turn
  try {
    const answerer = await answererOf(request, ports)
    const budget = createContentBudget(request.workspace)
    return await submitNew(request, { answerer, bound: earlier?.bound, ports, budget })
  } catch (error) {
    if (request.idempotency === undefined || !(error instanceof LonghaulError)) throw error
    // A twin that was faster may be why this one was refused; or it was accepted, and the reply was lost.
    const twin = await findEarlier(request, ports).catch((failure: unknown) => {
      throw isUnavailable(error) && isUnavailable(failure) ? error : failure
    })
    if (twin?.turn !== undefined) return twin.turn
    throw error
  }
}

async function answererOf(
  { workspace, agent, model }: TurnRequest,
  { agents }: SubmitPorts,
): Promise<AnsweringPlan> {
  if (model !== undefined) return { agentId: noAgent, plan: plainPlan(model) }
  const resolved = await agents.resolve(workspace, agent)
  if (resolved === undefined) throw new LonghaulError('not_found', `Agent ${agent} not found`)
  return resolved
}

/** Where a turn is sent to, and what came of it. */
type Sent = { taskId: string; started: Submission['started']; reply: SubmitReply }

async function submitNew(
  request: TurnRequest,
  options: {
    answerer: AnsweringPlan
    bound: BoundRequest | undefined
    ports: AdmittingPorts
    budget: ContentBudget
  },
): Promise<AcceptedTurn> {
  const { answerer, bound, ports, budget } = options
  const { workspace, idempotency, follows, labels = [], stored = true } = request
  const { agentId } = answerer
  const { store } = ports
  await checkEngine(request, answerer.plan, budget)

  const freshTaskId = () => idInSomeShard(ports)
  const placePorts = { ...ports, freshTaskId }
  const place = await placeOf(request, agentId, placePorts)
  checkAnswers(request, place.pending)
  const draft = await draftTurn(request, { place, answerer, ports, budget })
  const mine = bound ?? {
    taskId: place.onward?.taskId ?? place.conversation?.to.taskId ?? freshTaskId(),
    requestId: ports.newId(),
    after: place.onward?.turn ?? 0,
    ...(follows !== undefined && { fork: freshTaskId() }),
  }
  const target =
    idempotency === undefined ? mine : await bindKey({ ...mine, ...idempotency }, workspace, ports)

  async function send(taskId: string, after: number, from: Copied | undefined): Promise<Sent> {
    const started = await draft.startedWith(from)
    const submission = {
      taskId,
      workspace,
      agentId,
      requestId: target.requestId,
      after,
      started,
      labels,
      deadlineMs: ports.turnDeadlineMs,
      retentionMs: stored ? ports.retentionMs : limits.unstored,
    }
    const reply = await orMaybeAccepted(taskId, () => store.submit(submission))
    return { taskId, started, reply }
  }

  /** A turn that cannot go on where it should begins a task of its own, always the same one. */
  async function sendElsewhere(sent: Sent): Promise<Sent> {
    const { fork } = target
    if (follows === undefined || fork === undefined) return sent
    if ('response' in follows) {
      if (sent.reply.action !== 'conflict') return sent
      const copied = place.onward && (await copyOf(place.onward, target.after, ports)).from
      return await send(fork, 0, copied ?? place.from)
    }
    const { conversation: id } = follows
    const gone = sent.reply.action === 'not_found' && (await store.view(sent.taskId)) === undefined
    if (gone && place.conversation !== undefined) {
      const { to: seen } = place.conversation
      const anew = { id, seen: { ...seen, taskId: sent.taskId }, to: { taskId: fork } }
      await bindConversation(anew, { workspace, taskId: fork }, placePorts)
      return await send(fork, 0, undefined)
    }
    if (sent.reply.action === 'conflict' || sent.reply.action === 'not_found') {
      throw conversationLocked(id)
    }
    return sent
  }

  if (place.conversation !== undefined) {
    const { taskId, after } = target
    // An earlier try under the same key may have been meant for where the conversation is not any more.
    const meant = place.onward?.taskId ?? (after === 0 ? taskId : undefined)
    if (taskId !== meant) throw conversationLocked(place.conversation.id)
    await bindConversation(place.conversation, { workspace, taskId }, placePorts)
  }
  const from = target.after === 0 ? place.from : undefined
  const { taskId, started, reply } = await sendElsewhere(
    await send(target.taskId, target.after, from),
  )
  if (reply.action === 'not_found') throw unknownTask(taskId)
  if (reply.action === 'conflict') throw stillRunning(taskId)
  if (reply.action === 'full') throw noRoom(reply.what)
  const { action, ...taken } = reply
  // It was accepted now, by a command that was sent twice: it must be told.
  if (action === 'replay') return await acceptedBefore(taskId, taken, { store })
  return accepted(taskId, taken, started)
}

/** An agent's templates were checked for its own engine; a turn may ask for another. */
async function checkEngine(
  { engine }: TurnRequest,
  plan: Plan,
  budget: ContentBudget,
): Promise<void> {
  if (engine === undefined || engine === plan.engine) return
  const texts = [plan.system, ...Object.values(plan.systemParts ?? {})]
  // Without a path: the caller has not written them.
  const templates = texts.map((text) => ({ path: '', text }))
  try {
    await checkTemplates(templates, engine, budget)
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'invalid') throw error
    throw invalid('engine', `${engine} does not fit the agent: ${error.message}`)
  }
}

function idInSomeShard({ newId, shards }: SubmitPorts): string {
  const shard = Math.floor(Math.random() * Math.min(shards, maxShards))
  return taskIdInShard(newId(), shard)
}
