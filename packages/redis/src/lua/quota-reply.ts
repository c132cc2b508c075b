import type { SubmitQuota } from '@longhaul/core'
import { text } from './reply.ts'

/** Parses what `lib/submit-limits.lua` returns as the quota of a workspace. */
export function submitQuota(value: unknown): SubmitQuota {
  const [perSecond, burst, aheadMs, limit, now, shards = 1] = text(value).split(' ').map(Number)
  return {
    ...(isThere(perSecond) &&
      isThere(burst) &&
      isThere(aheadMs) && {
        requests: { perSecond, burst, aheadMs },
      }),
    ...(shards > 1 && { isPartial: true }),
    ...(isThere(limit) && isThere(now) && { queued: { limit, now } }),
  }
}

function isThere(number: number | undefined): number is number {
  return number !== undefined && !Number.isNaN(number)
}
