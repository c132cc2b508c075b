import { LonghaulError } from '@longhaul/core'
import type { Bell } from './wake-signal.ts'

/** How long until somebody who found the store away looks again, milliseconds. */
const again = 250

/**
 * A look at an accepted turn. While the store is away there is nothing to see, and the bell rings
 * again soon: the turn goes on, and a caller who heard of an error would submit it a second time.
 */
export async function look<T>(bell: Bell, ask: () => Promise<T>): Promise<{ seen: T } | undefined> {
  try {
    return { seen: await ask() }
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'unavailable') throw error
    bell.ringIn(again)
    return undefined
  }
}
