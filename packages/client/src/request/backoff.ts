/** How long to wait before a repeat, in milliseconds: twice as long each time, half of it random, 5 s at most. */
export function backoff(attempt: number, random: number = Math.random()): number {
  const full = Math.min(5_000, 250 * 2 ** attempt)
  return full / 2 + (full / 2) * random
}

/** Rejects with the reason of the signal as soon as it is aborted. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const abort = () => reject(signal?.reason as Error)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await promise
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
