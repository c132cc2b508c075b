import { isUnavailable, withAdvice } from '../lib/when-unavailable.ts'

/** Submits a turn. When the store does not answer, the error says that the turn may be accepted, and names its task. */
export async function orMaybeAccepted<T>(taskId: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!isUnavailable(error) || !error.maybeDone) throw error
    const why =
      `The turn may have been accepted all the same, in task ${taskId}: look for it with GET, ` +
      'or send the request again under the same idempotency key.'
    throw withAdvice(error, why, { taskId })
  }
}
