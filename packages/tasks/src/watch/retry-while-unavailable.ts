import { LonghaulError } from '@longhaul/core'
import type { WakeSignal } from './wake-signal.ts'

/** How long until a read is tried again that found the store unavailable, milliseconds. */
const retryAfterMs = 250

/**
 * Reads something of an accepted turn. While the store is unavailable there is nothing to be seen, and the signal wakes
 * its waiter soon: the turn goes on, and a caller that received an error would submit it a second time.
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
