import { LonghaulError } from '@longhaul/core'
import type { WakeSignal } from './wake-signal.ts'

/** How long after a read that found the store unavailable it is repeated, milliseconds. */
const retryAfterMs = 250

/**
 * Reads something of an accepted turn. While the store is unavailable the result is empty, and the signal wakes its
 * waiter soon. The turn continues meanwhile, and a caller that received an error would submit it a second time.
 */
export async function readOrRetry<T>(
  signal: WakeSignal,
  read: () => Promise<T>,
): Promise<{ value: T } | undefined> {
  try {
    return { value: await read() }
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'unavailable') throw error
    signal.wakeIn(retryAfterMs)
    return undefined
  }
}
