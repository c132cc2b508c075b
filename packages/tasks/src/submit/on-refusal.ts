import type { MaybeStartTime } from '@longhaul/core'
import { unknownTask } from '../find/find-task.ts'
import { bindTo } from './gates/bind-conversation.ts'
import { copyConversation } from './copy-conversation.ts'
import type { Identity, StepPorts } from './pipeline.ts'
import { conversationLocked, stillRunning } from './problems.ts'
import type { ConversationCopy, Target } from './target.ts'

/** A turn that the store has refused for the task `taskId`. */
type Refused = {
  taskId: string
  workspace: string
  target: Target
  identity: Identity
} & MaybeStartTime

/** A new task for the turn, and the copy with which it begins. */
type Elsewhere = { taskId: string; copy: ConversationCopy | undefined }

type Meaning = (refused: Refused, ports: StepPorts) => Elsewhere | Promise<Elsewhere>

/**
 * What follows when the store refuses a turn with `conflict` (a turn of the task is live, or another one came first) or
 * with `not_found` (the task is gone). Either the turn begins its own task, always the same one, or the caller receives
 * the error.
 */
export const onRefusal: Record<Target['kind'], Record<'conflict' | 'not_found', Meaning>> = {
  new: { conflict: running, not_found: unknown },
  continue: { conflict: running, not_found: unknown },
  fork: { conflict: forkOff, not_found: unknown },
  conversation: { conflict: locked, not_found: beginAnew },
}

function running({ taskId }: Refused): never {
  throw stillRunning(taskId)
}

function unknown({ taskId }: Refused): never {
  throw unknownTask(taskId)
}

/** Another turn came after the same response. */
async function forkOff({ taskId, target, identity }: Refused, ports: StepPorts) {
  const { fork, after } = identity
  if (fork === undefined) throw stillRunning(taskId)
  if (target.task === undefined) return { taskId: fork, copy: target.copy }
  const { copy } = await copyConversation(target.task, after, ports)
  return { taskId: fork, copy }
}

function locked({ taskId, target }: Refused): never {
  throw target.kind === 'conversation'
    ? conversationLocked(target.binding.id)
    : stillRunning(taskId)
}

/** The conversation's task was deleted. */
async function beginAnew(refused: Refused, ports: StepPorts) {
  const { taskId, workspace, target, identity } = refused
  const { fork } = identity
  if (target.kind !== 'conversation' || fork === undefined) throw unknownTask(taskId)
  const { id, to: seen } = target.binding
  if ((await ports.store.view(taskId)) !== undefined) return locked(refused)
  const binding = { id, seen: { ...seen, taskId }, to: { taskId: fork } }
  await bindTo(fork, { ...refused, workspace, binding }, ports)
  return { taskId: fork, copy: undefined }
}
