import { agentsLimits } from './agents.ts'
import { apiLimits } from './api.ts'
import { contentLimits } from './content.ts'
import { readingLimits } from './reading.ts'
import { requestsLimits } from './requests.ts'
import { schedulesLimits } from './schedules.ts'
import { storeLimits } from './store.ts'
import { toolsLimits } from './tools.ts'
import { turnsLimits } from './turns.ts'
import { usageLimits } from './usage.ts'
import { webhooksLimits } from './webhooks.ts'
import { workerLimits } from './worker.ts'

/**
 * Every limit of the product: sizes in bytes (of text: UTF-16 units), times in milliseconds unless a name or a comment
 * says seconds, and counts. docs/reference/limits.md lists all of them, and a test compares the two.
 */
export const limits = {
  ...requestsLimits,
  ...contentLimits,
  ...readingLimits,
  ...agentsLimits,
  ...turnsLimits,
  ...toolsLimits,
  ...storeLimits,
  ...apiLimits,
  ...usageLimits,
  ...webhooksLimits,
  ...schedulesLimits,
  ...workerLimits,
} as const
