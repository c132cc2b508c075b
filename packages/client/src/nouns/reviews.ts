import type { Request } from '../request/create-request.ts'
import type { CallOptions } from '../request/request-options.ts'
import type { PendingReview } from '../types.ts'
import { itemsOf } from './pages.ts'

type Query = { limit?: number; starting_after?: string }
/** A call that waits, as the list has it. */
type Review = Pick<PendingReview, 'agent_key' | 'task_id' | 'tool_call_id'>
type Body = {
  review: 'approved' | 'rejected'
  reason?: string
  arguments?: Record<string, unknown>
}

export function createReviews(request: Request) {
  const list = (query: Query = {}, call: CallOptions = {}) =>
    request('get', '/v2/reviews', { ...call, query })
  // The first decision is final, so a repeat changes nothing.
  const decide = ({ agent_key, task_id, tool_call_id }: Review, body: Body, call: CallOptions) =>
    request('post', '/v2/agents/{agent_key}/responses/{task_id}/reviews/{tool_call_id}', {
      ...call,
      path: { agent_key, task_id, tool_call_id },
      body,
      repeatable: true,
    })
  return {
    /** One page of the calls that wait, those of the newest task first. */
    list,
    all: (call: CallOptions = {}): AsyncGenerator<PendingReview> =>
      itemsOf(
        (after) =>
          list({ limit: 200, ...(after !== undefined && { starting_after: after }) }, call),
        ({ _id }) => _id,
      ),
    /** Lets a call run, with other arguments if there are some. */
    approve: (
      review: Review,
      options: { arguments?: Record<string, unknown> } & CallOptions = {},
    ) => {
      const { arguments: replaced, ...call } = options
      const body = { review: 'approved' as const, ...(replaced && { arguments: replaced }) }
      return decide(review, body, call)
    },
    reject: (review: Review, options: { reason?: string } & CallOptions = {}) => {
      const { reason, ...call } = options
      const body = { review: 'rejected' as const, ...(reason !== undefined && { reason }) }
      return decide(review, body, call)
    },
  }
}
