import type { Response } from 'express'
import type { Writable } from 'node:stream'

/**
 * Resolves when the reader has taken all data or has disconnected. A reader that takes no data for this time is cut
 * off.
 */
export async function taken(response: Response, stallMs: number): Promise<void> {
  if (response.destroyed) return
  // Data that was written to the socket is not known to the response.
  const { socket } = response
  const full = response.writableNeedDrain || socket === null ? response : socket
  await until('drain', { of: full, response }, stallMs)
}

/** The same, for a reply that was sent as a whole. */
export async function over(response: Response, stallMs: number): Promise<void> {
  if (!response.destroyed && !response.writableFinished)
    await until('finish', { of: response, response }, stallMs)
}

async function until(
  event: 'drain' | 'finish',
  { of, response }: { of: Writable; response: Response },
  stallMs: number,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const done = () => resolve()
  const cut = setTimeout(() => response.destroy(), stallMs)
  of.once(event, done)
  response.once('close', done)
  await promise
  clearTimeout(cut)
  of.off(event, done)
  response.off('close', done)
}
