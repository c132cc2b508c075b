import type { Response } from 'express'

/** Aborted when the client is gone. What it asked for goes on without it. */
export function closing(response: Response): AbortSignal {
  const controller = new AbortController()
  // It may have gone while the request was being served; no event tells so any more.
  if (response.destroyed || response.closed) controller.abort()
  response.once('close', () => controller.abort())
  return controller.signal
}
