import { LonghaulError } from '@longhaul/core'

/**
 * Runs a Redis call; a Redis that is away, full, read-only or loading becomes one `unavailable` error, which says
 * whether the call may have had its effect.
 */
export async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!isUnavailable(error)) throw error
    throw new LonghaulError('unavailable', 'The task store cannot be reached at the moment.', {
      cause: error,
      maybeDone: maybeSent(error),
    })
  }
}

const refusals =
  /^(OOM|MISCONF|READONLY|LOADING|NOAUTH|WRONGPASS|NOPERM|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|BUSY|TRYAGAIN)\b/

/** Whether Redis is there and will not do it: not now, or not for us. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && refusals.test(error.message)
}

/** Whether Redis may have got a command and not refused it. */
function maybeSent(error: unknown): boolean {
  return !isRefusal(error) && !(error instanceof Error && notSent.test(error.message))
}

/** What ioredis says of a command that it has never written. */
const notSent = /Stream isn't writeable/

/** Whether Redis was there and would not do what was asked of it. */
export function wasRefused(error: unknown): error is LonghaulError {
  return error instanceof LonghaulError && error.code === 'unavailable' && isRefusal(error.cause)
}

const connectionTrouble =
  /Connection is closed|Command timed out|Stream isn't writeable|Socket timeout|max retries per request|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/i

function isUnavailable(error: unknown): boolean {
  return (
    error instanceof Error &&
    (refusals.test(error.message) || connectionTrouble.test(describe(error)))
  )
}

function describe(error: Error): string {
  return `${error.message} ${(error as NodeJS.ErrnoException).code ?? ''} ${error.name}`
}
