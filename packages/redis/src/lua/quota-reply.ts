import type { SubmitQuota } from '@longhaul/core'
import { text } from './reply.ts'

/**
 * Parses what `lib/submit-limits.lua` returns as the quota of a workspace. Every accepted turn comes through here, and a
 * number is costly to read that has no digits.
 */
export function submitQuota(value: unknown): SubmitQuota {
  const [perSecond, burst, aheadMs, limit, now, shards = '1'] = text(value).split(' ')
  const quota: SubmitQuota = {}
  if (isThere(perSecond) && isThere(burst) && isThere(aheadMs)) {
    const [rate, most, ahead] = [Number(perSecond), Number(burst), Number(aheadMs)]
    quota.requests = { perSecond: rate, burst: most, aheadMs: ahead }
  }
  if (shards !== '1') quota.isPartial = true
  if (isThere(limit) && isThere(now)) quota.queued = { limit: Number(limit), now: Number(now) }
  return quota
}

function isThere(digits: string | undefined): digits is string {
  return digits !== undefined && digits !== '-'
}
