import { isUnavailable, withAdvice } from '../lib/when-unavailable.ts'

/** Submits a turn. Where the store does not answer, the error tells whether it may have been accepted, and as what. */
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
