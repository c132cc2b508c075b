import { taskFull } from '@longhaul/core'
import { orMaybeAccepted } from './or-maybe-accepted.ts'
import { accepted, acceptedBefore } from './accepted.ts'
import { firstFact } from './first-fact.ts'
import type { Admitted, StepPorts } from './pipeline.ts'
import { onRefusal } from './on-refusal.ts'
import type { ConversationCopy, Target } from './target.ts'
import type { AcceptedTurn, TurnRequest } from './turn-request.ts'

/** A task to which a turn is sent, and the turn after which it comes there; 0 begins the task, maybe with a copy. */
type Place = { taskId: string; after: number; copy: ConversationCopy | undefined }

/** Stores the turn. Where the store refuses it, the kind of its target says what that means. */
export async function commit(
  request: TurnRequest,
  found: Admitted,
  ports: StepPorts,
): Promise<AcceptedTurn> {
  const { workspace } = request
  const { answerer, target, identity, terms } = found
  const { taskId, after, requestId, fork } = identity
  const copy = after === 0 ? target.copy : undefined
  // A turn without a second task that its key knows has nowhere else to go.
  return await send({ taskId, after, copy }, fork === undefined ? 'continue' : target.kind)

  async function send(place: Place, kind: Target['kind']): Promise<AcceptedTurn> {
    const started = await firstFact(request, { found, copy: place.copy }, ports)
    const submission = {
      taskId: place.taskId,
      workspace,
      agentId: answerer.agentId,
      requestId,
      after: place.after,
      started,
      ...terms,
    }
    const reply = await orMaybeAccepted(place.taskId, () => ports.store.submit(submission))
    if (reply.action === 'full') throw taskFull(reply.what)
    if (reply.action === 'conflict' || reply.action === 'not_found') {
      const refused = { taskId: place.taskId, workspace, target, identity }
      const elsewhere = await onRefusal[kind][reply.action](refused, ports)
      return await send({ ...elsewhere, after: 0 }, 'new')
    }
    const { action, ...taken } = reply
    // It was accepted now, by a command that was sent twice: the log has what the first one recorded.
    if (action === 'replay')
      return await acceptedBefore(place.taskId, taken, { store: ports.store })
    return accepted(place.taskId, taken, started)
  }
}
