import { type Submission, type SubmitReply, submitRefused, taskFull } from '@longhaul/core'
import { orMaybeAccepted } from './or-maybe-accepted.ts'
import { accepted, acceptedBefore } from './accepted.ts'
import { firstFact } from './first-fact.ts'
import { releaseIdempotencyKey } from './gates/bind-idempotency-key.ts'
import { answersCalls } from './gates/refuse-work.ts'
import type { Admitted, Answerer, StepPorts } from './pipeline.ts'
import { onRefusal } from './on-refusal.ts'
import type { ConversationCopy, Target } from './target.ts'
import type { AcceptedTurn, TurnRequest } from './turn-request.ts'

/**
 * A task to which a turn is sent, and the turn after which it comes there. With 0 it begins the task, maybe with a
 * copy.
 */
type Destination = { taskId: string; after: number; copy: ConversationCopy | undefined }

/** Stores the turn. When the store refuses it, the kind of its target determines what follows. */
export async function commit(
  request: TurnRequest,
  found: Admitted,
  ports: StepPorts,
): Promise<AcceptedTurn> {
  const { workspace } = request
  const { answerer, target, identity, terms } = found
  const options = optionsOf(request, answerer)
  const { taskId, after, requestId, fork } = identity
  const copy = after === 0 ? target.copy : undefined
  // Without a `fork` in its identity, a turn cannot begin another task.
  return await send({ taskId, after, copy }, fork === undefined ? 'continue' : target.kind)

  async function send(destination: Destination, kind: Target['kind']): Promise<AcceptedTurn> {
    const started = await firstFact(request, { found, copy: destination.copy }, ports)
    const submission: Submission = {
      taskId: destination.taskId,
      workspace,
      agentId: answerer.agentId,
      requestId,
      after: destination.after,
      started,
      ...options,
      limits: destination.after > 0 && answersCalls(target) ? undefined : ports.submitLimits,
      ...terms,
    }
    let reply: SubmitReply
    ports.beforeStored?.(destination.taskId)
    try {
      reply = await ports.store.submit(submission)
    } catch (error) {
      throw orMaybeAccepted(error, destination.taskId)
    }
    if ('quota' in reply) ports.noteQuota(reply.quota)
    if (reply.action === 'limited') {
      await releaseIdempotencyKey(request, found, ports)
      throw submitRefused(reply, ports.random)
    }
    if (reply.action === 'full') throw taskFull(reply.what)
    if (reply.action === 'conflict' || reply.action === 'not_found') {
      const { taskId: refusedId } = destination
      const refused = { taskId: refusedId, workspace, target, identity, ...options }
      const elsewhere = await onRefusal[kind][reply.action](refused, ports)
      return await send({ ...elsewhere, after: 0 }, 'new')
    }
    const { action, turn, startedAt, pos, fact } = reply
    const taken = { turn, startedAt, pos, fact }
    // A command that was sent twice has stored the turn: the log holds what the first one recorded.
    if (action === 'replay')
      return await acceptedBefore(destination.taskId, taken, { store: ports.store })
    return accepted(destination.taskId, taken, started)
  }
}

/** The options of a turn: those of its request, or else the defaults of the agent. */
function optionsOf(
  { priority, fairnessKey, startAt, startInMs, expiresInMs }: TurnRequest,
  { turns = {} }: Answerer,
) {
  return {
    priority: priority ?? turns.priority,
    fairnessKey: fairnessKey ?? turns.fairnessKey,
    // The end user of a conversation stays the same, also where a request does not repeat it.
    keepsFairnessKey: fairnessKey === undefined,
    startAt,
    startInMs,
    expiresInMs: expiresInMs ?? turns.expiresInMs,
  }
}
