import type { ToolCall } from '../history/message.ts'
import type { PendingReview } from '../log/reviews.ts'
import type { State } from '../log/state.ts'
import type { Plan } from '../manifest/plan.ts'

/** Calls by the state of their review: not requested yet, expired, waiting, or not needed (`ready`). */
export type SortedCalls = {
  unasked: ToolCall[]
  expired: PendingReview[]
  waiting: PendingReview[]
  ready: ToolCall[]
}

export function sortByReview(calls: ToolCall[], state: State, plan: Plan): SortedCalls {
  const sorted: SortedCalls = { unasked: [], expired: [], waiting: [], ready: [] }
  for (const call of calls) {
    const asks = isOfUnknownOutcome(call, state, plan)
    const known = state.reviews.get(call.callId)
    // A decision before the call began does not allow making it again.
    const review = asks && known?.used === true ? undefined : known
    const needed = asks || needsReview(call, plan)
    if (!needed || review?.decided !== undefined) sorted.ready.push(call)
    else if (review === undefined) sorted.unasked.push(call)
    // The time of the latest fact counts, so an attempt that begins at `until` sees that the review has expired.
    else if (review.requested.until <= state.at) sorted.expired.push(review)
    else sorted.waiting.push(review)
  }
  return sorted
}

/** A call that cannot run needs no approval. It is answered with the problem. */
function needsReview({ name, problem }: ToolCall, { tools }: Plan): boolean {
  if (problem !== undefined) return false
  return tools.find((tool) => tool.name === name)?.requiresApproval === true
}

/** Whether an attempt that died had begun the call, and its tool needs a reviewer's decision then. */
export function isOfUnknownOutcome(
  { callId, name }: ToolCall,
  { calls, callsBegunBefore }: Pick<State, 'calls' | 'callsBegunBefore'>,
  { tools }: Plan,
): boolean {
  const tool = tools.find((each) => each.name === name)
  if (tool === undefined || !('onCrash' in tool) || tool.onCrash !== 'ask') return false
  return callsBegunBefore.has(callId) || calls.some((call) => call.callId === callId)
}
