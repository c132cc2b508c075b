import {
  isOfUnknownOutcome,
  limits,
  type NewFact,
  parseArguments,
  type PendingReview,
  type Plan,
  type State,
  type ToolCall,
} from '@longhaul/core'
import type { LogWriter } from '../turn/log-writer.ts'

/** The facts that request reviews of calls. A review expires at the latest with the turn's deadline. */
export function requestsOf(
  calls: ToolCall[],
  {
    plan,
    state,
    writer,
    deadline,
  }: { plan: Plan; state: State; writer: Pick<LogWriter, 'now'>; deadline: number },
): NewFact[] {
  const { withinSeconds = limits.approvalSeconds.default } = plan.approval ?? {}
  const until = Math.min(Math.round(writer.now() + withinSeconds * 1_000), deadline)
  return calls.map((call) => {
    const { callId, name, arguments: argumentText } = call
    const tool = plan.tools.find((each) => each.name === name)
    return {
      type: 'review.requested',
      callId,
      toolId: tool?.id ?? name,
      name,
      ...(tool?.displayName !== undefined && { displayName: tool.displayName }),
      arguments: parseArguments(argumentText) ?? {},
      ...(isOfUnknownOutcome(call, state, plan) && { because: 'outcome_unknown' as const }),
      until,
    }
  })
}

/** The decision of a review that has expired. */
export function expiriesOf(reviews: PendingReview[], { approval }: Plan): NewFact[] {
  return reviews.map(({ requested: { callId, toolId } }) => ({
    type: 'review.decided',
    callId,
    toolId,
    review: approval?.otherwise ?? 'rejected',
    by: 'expiry',
  }))
}
