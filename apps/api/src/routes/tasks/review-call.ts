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
    summary: 'Approve or reject a call',
    description:
      'Of a call that its agent wants to have approved. Approved, it is made, with the arguments that the model gave or with others; rejected, it is not, and the model reads why. The first decision holds; repeating it is idempotent.',
    replies: { 200: json('The decision.', ReviewReply) },
    errors: { 409: 'The call was decided otherwise, or its turn has ended.' },
  },
  async handle({ workspace, params, body, admit }, { tasks }) {
    const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
    const callId = params['tool_call_id'] ?? ''
    const review = await tasks.review(named, callId, toDecision(body), admit)
    return { status: 200, body: decidedBody(review) }
  },
}
