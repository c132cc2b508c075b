import { isUnavailable, withAdvice } from '../lib/when-unavailable.ts'

/** The error of storing a turn. When the store does not answer, it says that the turn may be accepted, and names its task. */
export function orMaybeAccepted(error: unknown, taskId: string): unknown {
  if (!isUnavailable(error) || !error.maybeDone) return error
  const why =
    `The turn may have been accepted all the same, in task ${taskId}: look for it with GET, ` +
    'or send the request again under the same idempotency key.'
  return withAdvice(error, why, { taskId })
}
