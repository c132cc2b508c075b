import { LonghaulError, responseId, type TurnRef } from '@longhaul/core'

/** Submits a turn. When the store does not answer, the error says that the turn may be accepted, and names its task. */
export async function orMaybeAccepted<T>(taskId: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!isUnavailable(error) || !error.maybeDone) throw error
    const why =
      `The turn may have been accepted all the same, in task ${taskId}: look for it with GET, ` +
      'or send the request again under the same idempotency key.'
    throw unavailable(error, why, { taskId })
  }
}

/** Wraps a whole submit. When the store does not answer and no error names a turn, no turn was accepted. */
export async function orNothingAccepted<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isUnavailable(error) || namesTurn(error)) throw error
    throw unavailable(error, 'Nothing was accepted by this request: send it again.')
  }
}

/** Makes a repeatable write. When the store does not answer, the error says what a repeat does. */
export async function orRepeat<T>(repeat: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw isUnavailable(error) ? unavailable(error, repeat) : error
  }
}

/** Wraps reads after a turn was accepted. When the store does not answer, the error names the turn. */
export async function ofAccepted<T>({ taskId, turn }: TurnRef, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isUnavailable(error) || namesTurn(error)) throw error
    const why = `The turn was accepted and goes on: read it with GET, as task ${taskId}.`
    throw unavailable(error, why, { taskId, responseId: responseId(taskId, turn) })
  }
}

export function isUnavailable(error: unknown): error is LonghaulError {
  return error instanceof LonghaulError && error.code === 'unavailable'
}

/** Whether the error already says whether a turn was accepted. */
function namesTurn({ details }: LonghaulError): boolean {
  return 'taskId' in details
}

function unavailable(
  error: LonghaulError,
  more: string,
  details: Record<string, unknown> = {},
): LonghaulError {
  const { message, cause, maybeDone, reason, retryAfterSeconds } = error
  return new LonghaulError('unavailable', `${message} ${more}`, {
    cause,
    maybeDone,
    details,
    reason,
    retryAfterSeconds,
  })
}
