import { conversationOf, fold, type TaskView } from '@longhaul/core'
import { type KnownContent, knownContent } from './input/known-content.ts'
import type { StepPorts } from './pipeline.ts'
import type { ConversationCopy } from './target.ts'

/** Copies the messages of a task up to the end of a turn, if that much may be loaded now. */
export async function copyConversation(
  { taskId, notes: callerMetadata, bytes }: TaskView,
  turn: number,
  { store, reserve }: Pick<StepPorts, 'store' | 'reserve'>,
): Promise<{ copy: ConversationCopy; known: KnownContent; pending: string[] }> {
  reserve(bytes)
  const turns = await store.turns(taskId)
  const next = turns.find((each) => each.turn > turn)
  const facts = await store.readableFacts(taskId, 0, next === undefined ? -1 : next.fact - 1)
  const state = fold(facts)
  const known = knownContent({ taskId, turn }, facts)
  const { ended, variables } = state
  const pending = ended?.type === 'turn.completed' ? ended.pending : []
  return {
    copy: {
      messages: conversationOf(state),
      origins: known.origins,
      variables,
      notes: callerMetadata,
    },
    known,
    pending: pending.map(({ callId }) => callId),
  }
}
