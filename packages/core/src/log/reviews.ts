import type { FactOf, ReviewDecided } from './fact.ts'
import type { Folding } from './folding.ts'
import type { Review, State } from './state.ts'

/** A review without a decision. */
export type PendingReview = Pick<Review, 'requested'>

/** Reviews without a decision whose calls still wait for their answer. */
export function pendingReviews(state: Pick<State, 'reviews' | 'open'>): PendingReview[] {
  return state.open.flatMap(({ callId }) => {
    const review = state.reviews.get(callId)
    return review === undefined || review.decided !== undefined ? [] : [review]
  })
}

/** The first decision counts, as long as the call waits. */
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
    const { name, arguments: requested } = review.requested
    calls.begun({ callId, name, arguments: requested })
    const error = rejection(fact, review.requested.because)
    calls.ended(callId, { error })
    history.failure(callId, error)
  } else if (edited !== undefined) {
    const text = JSON.stringify(edited)
    state.open = state.open.map((open) => (open === call ? { ...open, arguments: text } : open))
  }
}

/** The text that the model reads for a call that was not approved. */
export function rejection({ reason, by }: ReviewDecided, because?: 'outcome_unknown'): string {
  const made = because === undefined ? 'not made' : outcomeUnknown
  if (by === 'expiry') return `${made}: nobody approved it in time`
  return reason === undefined
    ? `${made}: a reviewer rejected it`
    : `${made}: a reviewer rejected it: ${reason}`
}

/** The answer of a call that an attempt began before it died. The call may have had its effect. */
export const outcomeUnknown =
  'the outcome is unknown: the worker died during the call, which may have had its effect and was not made again'

/** Marks the review of a call as used when the call begins: an approval applies once. */
export function useReview(state: State, callId: string): void {
  const review = state.reviews.get(callId)
  if (review?.decided !== undefined) review.used = true
}

/** A notice for the model that the result answers other arguments than its own. */
export function editNotice(state: State, callId: string): string {
  const edited = state.reviews.get(callId)?.decided?.arguments
  return edited === undefined
    ? ''
    : `\n[a reviewer changed the arguments to ${JSON.stringify(edited)}]`
}
