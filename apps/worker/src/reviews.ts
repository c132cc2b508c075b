import {
  limits,
  type NewFact,
  parseArguments,
  type PendingReview,
  type Plan,
  type ToolCall,
} from '@longhaul/core'
import type { Journal } from './journal.ts'

/** What asks somebody to look at calls before they are made. */
export function requestsOf(
  calls: ToolCall[],
  { plan, journal }: { plan: Plan; journal: Pick<Journal, 'now'> },
): NewFact[] {
  const { withinSeconds = limits.approvalSeconds.default } = plan.approval ?? {}
  const until = Math.round(journal.now() + withinSeconds * 1_000)
  return calls.map(({ callId, name, arguments: given }) => {
    const tool = plan.tools.find((each) => each.name === name)
    return {
      type: 'review.requested',
      callId,
      toolId: tool?.id ?? name,
      name,
      ...(tool?.displayName !== undefined && { displayName: tool.displayName }),
      arguments: parseArguments(given) ?? {},
      until,
    }
  })
}

/** What is decided when nobody has in time. */
export function expiriesOf(reviews: PendingReview[], { approval }: Plan): NewFact[] {
  return reviews.map(({ requested: { callId, toolId } }) => ({
    type: 'review.decided',
    callId,
    toolId,
    review: approval?.otherwise ?? 'rejected',
    by: 'expiry',
  }))
}
