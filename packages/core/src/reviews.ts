import type { Recorded, ReviewDecided, ReviewRequested } from './fact.ts'
import type { ToolCall } from './message.ts'
import type { Plan } from './plan.ts'
import type { State } from './state.ts'

/** A call that a person must look at before it is made, and what was decided. */
export type Review = { requested: ReviewRequested & Recorded; decided?: ReviewDecided }

/** A review that waits for somebody. */
export type PendingReview = Omit<Review, 'decided'>

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
    const review = state.reviews.get(call.callId)
    if (!needsReview(call, plan) || review?.decided !== undefined) sorted.ready.push(call)
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

/** What the model reads of a call that was not approved. */
export function rejection({ reason, by }: ReviewDecided): string {
  if (by === 'expiry') return 'not made: nobody approved it in time'
  return reason === undefined
    ? 'not made: a reviewer rejected it'
    : `not made: a reviewer rejected it: ${reason}`
}
