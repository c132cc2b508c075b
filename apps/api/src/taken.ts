import type { Response } from 'express'

/** Resolves when the reader has taken what it was sent, or is gone. One that takes nothing for so long is cut off. */
export async function taken(response: Response, stallMs: number): Promise<void> {
  if (response.destroyed) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const over = () => resolve()
  const cut = setTimeout(() => response.destroy(), stallMs)
  response.once('drain', over).once('close', over)
  await promise
  clearTimeout(cut)
  response.off('drain', over).off('close', over)
}
