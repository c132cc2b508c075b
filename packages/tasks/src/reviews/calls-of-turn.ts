import { type Fact, hasEnded, type TaskStore, type TurnRef } from '@longhaul/core'
import { ofAccepted } from '../lib/of-accepted.ts'
import { withoutSoftDeleted } from '../find/hidden-turns.ts'
import { type TaskReview, waitingCalls } from './review-call.ts'

/** The calls of an accepted turn that wait for a review, and the facts of the turn. */
export async function callsOfTurn(
  { taskId, turn }: TurnRef,
  store: TaskStore,
): Promise<{ facts: Fact[]; waiting: TaskReview[] }> {
  return await ofAccepted({ taskId, turn }, async () => {
    const view = await store.view(taskId)
    if (view?.turn !== turn || hasEnded(view.status)) return { facts: [], waiting: [] }
    const facts = await store.readableFacts(taskId)
    return { facts: withoutSoftDeleted(facts, view.hidden), waiting: waitingCalls(view, facts) }
  })
}
