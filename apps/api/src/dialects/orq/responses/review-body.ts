import { limits, type ReviewDecided, responseId } from '@longhaul/core'
import type { ReviewDecision, TaskReview } from '@longhaul/tasks'
import { z } from 'zod'
import { text } from '../../shared/request-fields.ts'
import { freeMap, isoTime, time } from '../../shared/reply-fields.ts'

export const ReviewRequest = z
  .object({
    review: z
      .enum(['approved', 'rejected'], 'must be approved or rejected')
      .meta({ description: 'The decision.' }),
    reason: text.min(1).max(limits.reviewReason).optional().meta({
      description: 'The reason for a rejection. The model receives it.',
    }),
    arguments: freeMap.optional().meta({
      description: 'The arguments that replace those of the model. Only with `approved`.',
    }),
  })
  .superRefine(({ review, arguments: edited }, context) => {
    if (review === 'approved' || edited === undefined) return
    const message = 'are of no use to a call that is rejected'
    context.addIssue({ code: 'custom', path: ['arguments'], message })
  })
ReviewRequest.register(z.globalRegistry, { id: 'Review', examples: [{ review: 'approved' }] })

export function toDecision(body: z.output<typeof ReviewRequest>): ReviewDecision {
  return {
    review: body.review,
    ...(body.reason !== undefined && { reason: body.reason }),
    ...(body.arguments && { arguments: body.arguments }),
  }
}

const waiting = {
  _id: z.string(),
  task_id: z.string(),
  response_id: z.string(),
  tool_call_id: z.string(),
  tool_id: z.string(),
  tool_name: z.string(),
  arguments: freeMap.meta({ description: 'The arguments of the call.' }),
  because: z.literal('outcome_unknown').optional().meta({
    description:
      '`outcome_unknown`: the worker died during the call, which may have had its effect. Absent: the tool requires approval.',
  }),
  requested_at: time.meta({ description: 'The time when the review was requested.' }),
  expires_at: time.meta({ description: 'The time when the review expires.' }),
}

/** A call that waits for a review. */
export const PendingReviewReply = z
  .object({ ...waiting, agent_key: z.string() })
  .meta({ id: 'PendingReview', description: 'A tool call that waits for a review.' })

/** A call that was reviewed. */
export const ReviewReply = z
  .object({
    ...waiting,
    review: z.enum(['approved', 'rejected']).meta({ description: 'The decision.' }),
    reason: z.string().optional().meta({ description: 'The reason for the decision.' }),
  })
  .meta({
    id: 'ReviewReply',
    description: 'The decision of a review, with the arguments of the call.',
  })

export function reviewBody({ requested, taskId, turn }: TaskReview) {
  return {
    _id: `${taskId}.${requested.pos}`,
    task_id: taskId,
    response_id: responseId(taskId, turn),
    tool_call_id: requested.callId,
    tool_id: requested.toolId,
    tool_name: requested.name,
    arguments: requested.arguments,
    ...(requested.because && { because: requested.because }),
    requested_at: isoTime(requested.at),
    expires_at: isoTime(requested.until),
  }
}

export function decidedBody(review: TaskReview & { decided: ReviewDecided }) {
  const { review: decision, reason, arguments: edited } = review.decided
  return {
    ...reviewBody(review),
    ...(edited && { arguments: edited }),
    review: decision,
    ...(reason !== undefined && { reason }),
  }
}
