import type { ToolCall } from '../history/message.ts'
import type { PendingReview } from '../log/reviews.ts'
import type { State } from '../log/state.ts'
import type { Plan } from '../manifest/plan.ts'

/** Calls by what happens before they are made: a review is still to be requested, has expired, waits, or is not needed. */
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
    // What was decided before the call was begun says nothing of making it again.
    const review = asks && known?.used === true ? undefined : known
    const needed = asks || needsReview(call, plan)
    if (!needed || review?.decided !== undefined) sorted.ready.push(call)
    else if (review === undefined) sorted.unasked.push(call)
    // The latest fact tells the time: the attempt that begins then sees that.
    else if (review.requested.until <= state.at) sorted.expired.push(review)
    else sorted.waiting.push(review)
  }
  return sorted
}

/** A call that cannot run needs no approval: its answer is why. */
function needsReview({ name, problem }: ToolCall, { tools }: Plan): boolean {
  if (problem !== undefined) return false
  return tools.find((tool) => tool.name === name)?.requiresApproval === true
}

/** A call that was begun by an attempt which died, of a tool that needs a reviewer's decision then. */
export function isOfUnknownOutcome(
  { callId, name }: ToolCall,
  { calls, callsBegunBefore }: Pick<State, 'calls' | 'callsBegunBefore'>,
  { tools }: Plan,
): boolean {
  const tool = tools.find((each) => each.name === name)
  if (tool === undefined || !('onCrash' in tool) || tool.onCrash !== 'ask') return false
  return callsBegunBefore.has(callId) || calls.some((call) => call.callId === callId)
}
