import { LonghaulError } from '@longhaul/core'

/** For a `catch`: returns undefined if the store is unavailable, and throws every other error. */
export function unlessUnavailable(error: unknown): undefined {
  if (!(error instanceof LonghaulError) || error.code !== 'unavailable') throw error
}
