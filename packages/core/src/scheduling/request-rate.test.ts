import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { burstMsOf, requestRateOf, requestsLeft, takeRequest } from './request-rate.ts'

test('a burst is admitted at once, and then one request after each interval', () => {
  const rate = { perSecond: 50, burst: 3 }
  expect(requestsLeft(rate, 0)).toBe(3)
  expect(takeRequest(rate, 0)).toEqual({ aheadMs: 20 })
  expect(takeRequest(rate, 40)).toEqual({ aheadMs: 60 })
  expect(requestsLeft(rate, 60)).toBe(0)
  expect(takeRequest(rate, 60)).toEqual({ waitMs: 20 })
  expect(takeRequest(rate, 45)).toEqual({ waitMs: 5 })
  expect(burstMsOf(rate)).toBe(60)
})

test('without a burst, the requests of a second may come at once, and always one', () => {
  expect(requestRateOf({ requestsPerSecond: 2.5 })).toEqual({ perSecond: 2.5, burst: 3 })
  expect(requestRateOf({ requestsPerSecond: 0.1 })).toEqual({ perSecond: 0.1, burst: 1 })
  expect(requestRateOf({ requestsPerSecond: 10, burst: 1 })).toEqual({ perSecond: 10, burst: 1 })
  expect(requestRateOf({ burst: 7 })).toBeUndefined()
})

test('in no time are more requests admitted than the burst and the rate allow', () => {
  const rates = fc.record({
    perSecond: fc.double({ min: 0.1, max: 2_000, noNaN: true }),
    burst: fc.integer({ min: 1, max: 20 }),
  })
  fc.assert(
    fc.property(rates, fc.array(fc.nat(500), { minLength: 1, maxLength: 60 }), (rate, pauses) => {
      let ahead = 0
      let now = 0
      const admitted: number[] = []
      for (const pause of pauses) {
        now += pause
        ahead = Math.max(0, ahead - pause)
        const left = requestsLeft(rate, ahead)
        const taken = takeRequest(rate, ahead)
        expect('aheadMs' in taken).toBe(left > 0)
        if (!('aheadMs' in taken)) continue
        ahead = taken.aheadMs
        admitted.push(now)
      }
      for (const [from, start] of admitted.entries()) {
        for (const [at, end] of admitted.entries()) {
          if (at < from) continue
          const most = rate.burst + ((end - start) / 1_000) * rate.perSecond
          expect(at - from + 1).toBeLessThanOrEqual(most + 0.01)
        }
      }
    }),
  )
})
