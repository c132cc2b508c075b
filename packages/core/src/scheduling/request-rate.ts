import type { WorkspaceLimits } from './workspace-limits.ts'

/**
 * A rate of requests: so many per second over time, and at most `burst` of them at once. One number is its whole state:
 * by how many milliseconds the requests so far are ahead of the rate (GCRA). Each request adds the time between two
 * requests, and time subtracts itself.
 */
export type RequestRate = { perSecond: number; burst: number }

/** The rate of a workspace. Without `burst`, the requests of a second may come at once. */
export function requestRateOf({
  requestsPerSecond: perSecond,
  burst = Math.max(1, Math.ceil(perSecond ?? 1)),
}: Pick<WorkspaceLimits, 'requestsPerSecond' | 'burst'>): RequestRate | undefined {
  return perSecond === undefined ? undefined : { perSecond, burst }
}

/** Counts a request, or returns after how many milliseconds it would be admitted. */
export function takeRequest(
  rate: RequestRate,
  aheadMs: number,
): { aheadMs: number } | { waitMs: number } {
  const next = aheadMs + intervalOf(rate)
  const waitMs = next - burstMsOf(rate)
  return waitMs <= rounding ? { aheadMs: next } : { waitMs }
}

/** How many requests may come at once now. */
export function requestsLeft(rate: RequestRate, aheadMs: number): number {
  return Math.max(0, Math.floor((burstMsOf(rate) - aheadMs + rounding) / intervalOf(rate)))
}

/** The time in which the whole burst becomes available: milliseconds. */
export function burstMsOf(rate: RequestRate): number {
  return rate.burst * intervalOf(rate)
}

function intervalOf({ perSecond }: RequestRate): number {
  return 1_000 / perSecond
}

/** The store keeps microseconds. */
const rounding = 0.002
