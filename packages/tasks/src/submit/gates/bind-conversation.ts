import { startDelay, type MaybeStartTime } from '@longhaul/core'
import type { Admitted, StepPorts } from '../pipeline.ts'
import { conversationLocked } from '../problems.ts'
import type { Binding, Target } from '../target.ts'
import type { TurnRequest } from '../turn-request.ts'

type BindPorts = Pick<StepPorts, 'conversations' | 'turnDeadlineMs' | 'retentionMs' | 'now'>

/** Binds a turn's conversation to the task of the turn. Rejects when another request was faster. */
export function bindConversation(
  request: TurnRequest,
  found: Admitted,
  ports: BindPorts,
): Promise<Admitted> | undefined {
  const { target } = found
  return target.kind === 'conversation' ? bind(request, { ...found, target }, ports) : undefined
}

async function bind(
  request: TurnRequest,
  found: Admitted & { target: Extract<Target, { kind: 'conversation' }> },
  ports: BindPorts,
): Promise<Admitted> {
  const { target, identity } = found
  const { taskId, after } = identity
  // An earlier send under the same key may have chosen a task to which the conversation is no longer bound.
  const isMeant = target.task === undefined ? after === 0 : target.task.taskId === taskId
  if (!isMeant) throw conversationLocked(target.binding.id)
  await bindTo(taskId, { ...request, binding: target.binding }, ports)
  return found
}

/** Binds the conversation to this task. Rejects when another request was faster. */
export async function bindTo(
  taskId: string,
  { workspace, binding, ...start }: { workspace: string; binding: Binding } & MaybeStartTime,
  { conversations, turnDeadlineMs, retentionMs, now }: BindPorts,
): Promise<void> {
  const { id, seen, to } = binding
  // At least as long as the turn and the retention of its task.
  const ms = startDelay(start, now()) + turnDeadlineMs + retentionMs
  const bound = await conversations.bind(workspace, id, { ...to, taskId }, { seen, ms })
  if (bound.taskId !== taskId) throw conversationLocked(id)
}
