import { limits } from '@longhaul/core'
import { bindConversation } from './gates/bind-conversation.ts'
import { bindIdempotencyKey } from './gates/bind-idempotency-key.ts'
import { listenFor } from './gates/listen-for.ts'
import { refuseWork } from './gates/refuse-work.ts'
import { newTaskId, type NewTaskPorts } from './new-task-id.ts'
import type { Admitted, Drafted, Identity, StepPorts, Terms } from './pipeline.ts'
import type { TurnRequest } from './turn-request.ts'

/** A gate returns nothing, without a promise, for a turn that it does not concern. */
type Gate = (
  request: TurnRequest,
  found: Admitted,
  ports: StepPorts,
) => Promise<Admitted> | undefined

/**
 * The gates that a turn must pass before it is stored, in this order. Each gate may refuse the turn, and receives the
 * results of the gates before it. A gate that only refuses stands before those that write.
 */
const gates: Gate[] = [refuseWork, listenFor, bindIdempotencyKey, bindConversation]

/** Determines the identity and the terms of a turn, and whether it may be stored. */
export async function admit(
  request: TurnRequest,
  found: Drafted,
  ports: StepPorts,
): Promise<Admitted> {
  let admitted: Admitted = {
    ...found,
    identity: await newIdentity(request, found, ports),
    terms: termsOf(request, ports),
  }
  for (const gate of gates) {
    const passed = gate(request, admitted, ports)
    if (passed !== undefined) admitted = await passed
  }
  return admitted
}

async function newIdentity(
  { follows, workspace, fixed }: TurnRequest,
  { target }: Drafted,
  ports: NewTaskPorts,
): Promise<Identity> {
  if (fixed !== undefined) return { ...fixed, after: target.task?.turn ?? 0 }
  const bound = target.kind === 'conversation' ? target.binding.to.taskId : undefined
  return {
    taskId: target.task?.taskId ?? bound ?? (await newTaskId(workspace, ports)),
    requestId: ports.newId(),
    after: target.task?.turn ?? 0,
    ...(follows !== undefined && { fork: await newTaskId(workspace, ports) }),
  }
}

function termsOf(
  { labels = [], stored = true }: TurnRequest,
  { turnDeadlineMs, retentionMs }: Pick<StepPorts, 'turnDeadlineMs' | 'retentionMs'>,
): Terms {
  return {
    labels,
    deadlineMs: turnDeadlineMs,
    retentionMs: stored ? retentionMs : limits.unstored,
  }
}
