import { LonghaulError } from '@longhaul/core'

/** Makes a repeatable write. When the store does not answer, the error says what a repeat does. */
export async function orRepeat<T>(repeat: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw isUnavailable(error) ? withAdvice(error, repeat) : error
  }
}

export function isUnavailable(error: unknown): error is LonghaulError {
  return error instanceof LonghaulError && error.code === 'unavailable'
}

/** Whether the error already says whether a turn was accepted. */
export function namesTurn({ details }: LonghaulError): boolean {
  return 'taskId' in details
}

/** The error with a sentence that says what the caller may do. */
export function withAdvice(
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
