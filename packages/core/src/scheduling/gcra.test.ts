import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aheadFor, costIn, earliest, paceOf, settle, take } from './gcra.ts'

const minute = 60_000

type Taken = { at: number; units: number }

/** The most units that were taken in any minute. */
function mostInAMinute(taken: Taken[]): number {
  const sums = taken.map(({ at }) =>
    taken
      .filter((other) => other.at >= at && other.at < at + minute)
      .reduce((sum, { units }) => sum + units, 0),
  )
  return Math.max(0, ...sums)
}

/** Calls that come after pauses and start as soon as the bucket allows. */
function startAll(perMinute: number, calls: { pause: number; units: number }[]): Taken[] {
  const pace = paceOf(perMinute)
  let bucket = 0
  let now = 1_000_000
  return calls.map(({ pause, units }) => {
    const cost = costIn(perMinute, units)
    now = Math.max(now + pause, earliest(bucket, cost, pace))
    bucket = take(bucket, now, cost, pace)
    return { at: now, units: cost }
  })
}

const callsOf = (units: fc.Arbitrary<number>) =>
  fc.array(fc.record({ pause: fc.integer({ min: 0, max: 90_000 }), units }), { maxLength: 80 })

describe('a bucket', () => {
  test('never gives more requests than the limit in any minute', () => {
    const busy = Array.from({ length: 1_500 }, () => ({ pause: 0, units: 1 }))
    for (const limit of [1, 2, 3, 10, 11, 60, 500]) {
      expect(mostInAMinute(startAll(limit, busy))).toBeLessThanOrEqual(limit)
    }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), callsOf(fc.constant(1)), (limit, calls) => {
        expect(mostInAMinute(startAll(limit, calls))).toBeLessThanOrEqual(limit)
      }),
    )
  })

  test('never gives more tokens than the limit in any minute, whatever single calls take', () => {
    const units = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 100, max: 3_000 }))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), callsOf(units), (limit, calls) => {
        expect(mostInAMinute(startAll(limit, calls))).toBeLessThanOrEqual(limit + 1e-6)
      }),
    )
  })

  test('gives a tenth at once, and in the long run almost nine tenths of the limit', () => {
    const busy = Array.from({ length: 1_000 }, () => ({ pause: 0, units: 1 }))
    const starts = startAll(100, busy).map(({ at }) => at)
    expect(starts.filter((at) => at < (starts[0] ?? 0) + 1).length).toBe(10)
    expect((999 / ((starts.at(-1) ?? 0) - (starts[0] ?? 0))) * minute).toBeGreaterThan(89)
  })

  test('gives a call that needs more than a minute has everything of one minute', () => {
    const [small, large, next] = startAll(100, [
      { pause: 0, units: 10 },
      { pause: 0, units: 5_000 },
      { pause: 0, units: 1 },
    ])
    expect((large?.at ?? 0) - (small?.at ?? 0)).toBeGreaterThanOrEqual(minute)
    expect((next?.at ?? 0) - (large?.at ?? 0)).toBeGreaterThanOrEqual(minute)
  })

  test('takes units back that were not used, but none that time has given back before', () => {
    const pace = paceOf(1_000)
    const bucket = take(0, 1_000, 100, pace)
    expect(settle(bucket, -60, pace, 1_000)).toBeCloseTo(take(0, 1_000, 40, pace))
    expect(settle(bucket, -100, pace, bucket - 1)).toBe(bucket - 1)
    expect(settle(bucket, -100, pace, bucket + 500)).toBe(bucket)
    expect(settle(bucket, 30, pace, 1_000)).toBeCloseTo(take(0, 1_000, 130, pace))
    expect(settle(0, 30, pace, 1_000)).toBe(take(0, 1_000, 30, pace))
  })
})

test('a vendor that has less left lowers a bucket to that', () => {
  const pace = paceOf(100)
  const now = 5_000
  for (const remaining of [1, 4, 9]) {
    const bucket = now + aheadFor({ remaining, resetMs: 60_000 }, pace)
    expect(earliest(bucket, remaining, pace)).toBeCloseTo(now)
    expect(earliest(bucket, remaining + 1, pace)).toBeGreaterThan(now)
  }
  const empty = now + aheadFor({ remaining: 0, resetMs: 20_000 }, pace)
  expect(earliest(empty, 1, pace)).toBeCloseTo(now + 20_000)
  expect(aheadFor({ remaining: 80, resetMs: 1 }, pace)).toBe(0)
})
