import { LonghaulError, responseId, type TurnRef } from '@longhaul/core'

/** Submits a turn. Where the store does not answer, the error tells whether it may have been accepted, and as what. */
export async function orMaybeAccepted<T>(taskId: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!isUnavailable(error) || !error.maybeDone) throw error
    const why =
      `The turn may have been accepted all the same, in task ${taskId}: look for it with GET, ` +
      'or send the request again under the same idempotency key.'
    throw priorMessages(error, why, { taskId })
  }
}

/** For all that a submit does. Where the store does not answer and no error names a turn, there is none. */
export async function orNothingAccepted<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isUnavailable(error) || tells(error)) throw error
    throw priorMessages(error, 'Nothing was accepted by this request: send it again.')
  }
}

/** Makes a write that may be made again. Where the store does not answer, the error says what a repeat does. */
export async function orRepeat<T>(repeat: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw isUnavailable(error) ? priorMessages(error, repeat) : error
  }
}

/** For what comes after a turn was accepted: where the store does not answer, the error names the turn. */
export async function ofAccepted<T>({ taskId, turn }: TurnRef, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isUnavailable(error) || tells(error)) throw error
    const why = `The turn was accepted and goes on: read it with GET, as task ${taskId}.`
    throw priorMessages(error, why, { taskId, responseId: responseId(taskId, turn) })
  }
}

export function isUnavailable(error: unknown): error is LonghaulError {
  return error instanceof LonghaulError && error.code === 'unavailable'
}

/** Whether the error says already what became of a turn. */
function tells({ details }: LonghaulError): boolean {
  return 'taskId' in details
}

function priorMessages(
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
