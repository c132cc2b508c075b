import { conversationOf, fold, type TaskView } from '@longhaul/core'
import type { StepPorts } from './pipeline.ts'
import type { ConversationCopy } from './target.ts'

/** Copies the messages of a task up to the end of a turn, if that much may be loaded now. */
export async function copyConversation(
  { taskId, notes: callerMetadata, bytes }: TaskView,
  turn: number,
  { store, reserve }: Pick<StepPorts, 'store' | 'reserve'>,
): Promise<{ copy: ConversationCopy; pending: string[] }> {
  reserve(bytes)
  const turns = await store.turns(taskId)
  const next = turns.find((each) => each.turn > turn)
  const state = fold(await store.readableFacts(taskId, 0, next === undefined ? -1 : next.fact - 1))
  const { ended, variables } = state
  const pending = ended?.type === 'turn.completed' ? ended.pending : []
  return {
    copy: { messages: conversationOf(state), variables, notes: callerMetadata },
    pending: pending.map(({ callId }) => callId),
  }
}
