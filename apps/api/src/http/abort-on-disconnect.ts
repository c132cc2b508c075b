import type { Response } from 'express'

/**
 * Returns a signal that is aborted when the client disconnects or the process shuts down. The requested work continues.
 * `AbortSignal.any` would leave a listener on the process's signal for every request.
 */
export function abortOnDisconnect(response: Response, stopping?: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const abort = () => controller.abort(aborted)
  // The client may have disconnected already: no event follows then.
  if (isGone(response) || stopping?.aborted === true) {
    abort()
    return controller.signal
  }
  stopping?.addEventListener('abort', abort, { once: true })
  response.once('close', () => {
    abort()
    stopping?.removeEventListener('abort', abort)
  })
  return controller.signal
}

/** The reason of every abort. One for each request would cost as much as its routing, because it records a stack. */
const aborted = new DOMException('This operation was aborted', 'AbortError')

/** The signal of a request that does not wait. */
export const neverAborted = new AbortController().signal

export function isGone(response: Response): boolean {
  return response.destroyed || response.closed
}
