import { LonghaulError } from '@longhaul/core'

/** For a `catch`: a store that cannot be reached now gives nothing, and every other error goes on. */
export function unlessUnavailable(error: unknown): undefined {
  if (!(error instanceof LonghaulError) || error.code !== 'unavailable') throw error
}
