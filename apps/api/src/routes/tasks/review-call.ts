import {
  decidedBody,
  ReviewReply,
  ReviewRequest,
  toDecision,
} from '../../dialects/orq/responses/review-body.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

/** Decides a call that waits for a review. */
export const reviewCall: Route<typeof ReviewRequest> = {
  method: 'post',
  path: '/v2/agents/:agent_key/responses/:task_id/reviews/:tool_call_id',
  body: ReviewRequest,
  doc: {
    operationId: 'reviewCall',
    tag: 'Responses',
    summary: 'Approve or reject a tool call',
    description:
      "Decides a tool call that waits for a review. An approved call is made, with the model's arguments or with those of the request. A rejected call is not made, and the model receives the reason. The first decision is final. Repeating the same decision is idempotent.",
    replies: { 200: json('The decision.', ReviewReply) },
    errors: { 409: 'The call has another decision already, or its turn has ended.' },
  },
  async handle({ workspace, params, body, admit }, { tasks }) {
    const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
    const callId = params['tool_call_id'] ?? ''
    const review = await tasks.review(named, callId, toDecision(body), admit)
    return { status: 200, body: decidedBody(review) }
  },
}
