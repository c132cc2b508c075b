import type { Response } from 'express'

/**
 * Resolves when the reader has taken all data or has disconnected. A reader that takes no data for this time is cut
 * off.
 */
export async function taken(response: Response, stallMs: number): Promise<void> {
  if (!response.destroyed) await until('drain', response, stallMs)
}

/** The same, for a reply that was sent as a whole. */
export async function over(response: Response, stallMs: number): Promise<void> {
  if (!response.destroyed && !response.writableFinished) await until('finish', response, stallMs)
}

async function until(
  event: 'drain' | 'finish',
  response: Response,
  stallMs: number,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const done = () => resolve()
  const cut = setTimeout(() => response.destroy(), stallMs)
  response.once(event, done).once('close', done)
  await promise
  clearTimeout(cut)
  response.off(event, done).off('close', done)
}
