import type { Recorded, ReviewDecided, ReviewRequested } from './fact.ts'
import type { ToolCall } from '../history/message.ts'
import type { Plan } from '../manifest/plan.ts'
import type { State } from './state.ts'

/**
 * A call that a person must look at before it is made, and what was decided; `used` when the call has been begun
 * since.
 */
export type Review = {
  requested: ReviewRequested & Recorded
  decided?: ReviewDecided
  used?: boolean
}

/** A review that waits for somebody. */
export type PendingReview = Pick<Review, 'requested'>

/** Reviews that wait for somebody, of calls that still wait for their answer. */
export function pendingReviews(state: Pick<State, 'reviews' | 'open'>): PendingReview[] {
  return state.open.flatMap(({ callId }) => {
    const review = state.reviews.get(callId)
    return review === undefined || review.decided !== undefined ? [] : [review]
  })
}

/** Calls by what must become of them before they are made: `waiting` wait for somebody, `ready` for nobody. */
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
    // The latest fact tells the time: whoever takes the turn when it has come sees that.
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

/** A call that an attempt began which died, of a tool that has somebody asked then. */
export function isOfUnknownOutcome(
  { callId, name }: ToolCall,
  { calls, begunBefore }: Pick<State, 'calls' | 'begunBefore'>,
  { tools }: Plan,
): boolean {
  const tool = tools.find((each) => each.name === name)
  if (tool === undefined || !('onCrash' in tool) || tool.onCrash !== 'ask') return false
  return begunBefore.has(callId) || calls.some((call) => call.callId === callId)
}

/** What the model reads of a call that was not approved. */
export function rejection({ reason, by }: ReviewDecided, because?: 'outcome_unknown'): string {
  const made = because === undefined ? 'not made' : unknownAndNotMade
  if (by === 'expiry') return `${made}: nobody approved it in time`
  return reason === undefined
    ? `${made}: a reviewer rejected it`
    : `${made}: a reviewer rejected it: ${reason}`
}

const unknownAndNotMade =
  'the outcome is unknown: the worker died during the call, which may have had its effect and was not made again'
