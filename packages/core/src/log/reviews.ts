import type { FactOf, ReviewDecided } from './fact.ts'
import type { Folding } from './folding.ts'
import type { Review, State } from './state.ts'

/** A review without a decision. */
export type PendingReview = Pick<Review, 'requested'>

/** Reviews without a decision, of calls that still wait for their answer. */
export function pendingReviews(state: Pick<State, 'reviews' | 'open'>): PendingReview[] {
  return state.open.flatMap(({ callId }) => {
    const review = state.reviews.get(callId)
    return review === undefined || review.decided !== undefined ? [] : [review]
  })
}

/** The first decision holds, while the call still waits. */
export function decideReview(
  fact: FactOf<'review.decided'>,
  { state, history, calls }: Folding,
): void {
  const review = state.reviews.get(fact.callId)
  const call = state.open.find(({ callId }) => callId === fact.callId)
  if (review === undefined || review.decided !== undefined || call === undefined) return
  review.decided = fact
  const { arguments: edited, callId, review: decision } = fact
  if (decision === 'rejected') {
    const { name, arguments: asked } = review.requested
    calls.begun({ callId, name, arguments: asked })
    const error = rejection(fact, review.requested.because)
    calls.ended(callId, { error })
    history.failure(callId, error)
  } else if (edited !== undefined) {
    const text = JSON.stringify(edited)
    state.open = state.open.map((each) => (each === call ? { ...each, arguments: text } : each))
  }
}

/** What the model reads of a call that was not approved. */
export function rejection({ reason, by }: ReviewDecided, because?: 'outcome_unknown'): string {
  const made = because === undefined ? 'not made' : outcomeUnknown
  if (by === 'expiry') return `${made}: nobody approved it in time`
  return reason === undefined
    ? `${made}: a reviewer rejected it`
    : `${made}: a reviewer rejected it: ${reason}`
}

/** Of a call that was begun by an attempt which died, and may have had its effect. */
export const outcomeUnknown =
  'the outcome is unknown: the worker died during the call, which may have had its effect and was not made again'

/** A call that is begun is as it was approved, once. */
export function useReview(state: State, callId: string): void {
  const review = state.reviews.get(callId)
  if (review?.decided !== undefined) review.used = true
}

/** The model must know that what it reads answers other arguments than its own. */
export function editNotice(state: State, callId: string): string {
  const edited = state.reviews.get(callId)?.decided?.arguments
  return edited === undefined
    ? ''
    : `\n[a reviewer changed the arguments to ${JSON.stringify(edited)}]`
}
