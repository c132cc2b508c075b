import type { Response } from 'express'

/**
 * Returns a signal that is aborted when the client disconnects or the process shuts down. The requested work continues.
 * `AbortSignal.any` would leave a listener on the process's signal for every request.
 */
export function abortOnDisconnect(response: Response, stopping?: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const abort = () => controller.abort()
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

export function isGone(response: Response): boolean {
  return response.destroyed || response.closed
}
