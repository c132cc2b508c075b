import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { percentileOf, timeBucketOf, timeBuckets } from './time-histogram.ts'

test('a percentile of counted times is within 10 percent of that of the times', () => {
  const times = fc.array(fc.integer({ min: 1, max: 4e9 }), { minLength: 1, maxLength: 200 })
  const share = fc.constantFrom(0.01, 0.5, 0.95, 1)
  fc.assert(
    fc.property(times, share, (all, wanted) => {
      const counts = new Map<number, number>()
      for (const ms of all) counts.set(timeBucketOf(ms), (counts.get(timeBucketOf(ms)) ?? 0) + 1)
      const exact = all.toSorted((a, b) => a - b)[Math.ceil(all.length * wanted) - 1] ?? 0
      const found = percentileOf(counts, wanted) ?? 0
      expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.1 + 1)
    }),
  )
})

test('every time has a bucket, and no time has no percentile', () => {
  for (const ms of [-1, 0, 0.5, 1, 1e12, Infinity, Number.NaN]) {
    expect(timeBucketOf(ms)).toBeGreaterThanOrEqual(0)
    expect(timeBucketOf(ms)).toBeLessThan(timeBuckets)
  }
  expect(percentileOf(new Map(), 0.5)).toBeUndefined()
})
