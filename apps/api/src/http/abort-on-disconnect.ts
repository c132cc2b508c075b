import type { Response } from 'express'

/**
 * Aborted when the client is gone, and when the process is told to go: what was asked for goes on without
 * either. Not `AbortSignal.any`, which would leave something at the process's signal for every request.
 */
export function abortOnDisconnect(response: Response, stopping?: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const abort = () => controller.abort()
  // It may have gone while the request was being served; no event tells so any more.
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
