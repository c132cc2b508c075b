import { paceOf } from './gcra.ts'
import type { RateBucket } from './model-rates.ts'

/**
 * What the rates of a model leave: of the tightest bucket of each unit, its units per minute, those that calls may still
 * reserve in the next minute, and the time until all of them are available.
 */
export type ModelQuota = { [unit in RateBucket['unit']]?: RateLeft }
export type RateLeft = { limit: number; left: number; resetMs: number }

/** The same from the state of the buckets: by how many milliseconds each is ahead of now. */
export function modelQuotaOf(states: { bucket: RateBucket; aheadMs: number }[]): ModelQuota {
  const quota: ModelQuota = {}
  for (const { bucket, aheadMs } of states) {
    const found = rateLeft(bucket, aheadMs)
    const known = quota[bucket.unit]
    if (known === undefined || found.left < known.left) quota[bucket.unit] = found
  }
  return quota
}

function rateLeft({ perMinute }: RateBucket, aheadMs: number): RateLeft {
  const left = Math.floor(perMinute - aheadMs / paceOf(perMinute).interval)
  return { limit: perMinute, left: Math.max(0, left), resetMs: aheadMs }
}
