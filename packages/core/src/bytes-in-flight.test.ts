import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBytesInFlight } from './bytes-in-flight.ts'

const bounds = { perKey: 100, perProcess: 150, small: 5 }

describe('bytes under way', () => {
  test('of a key above its share are refused with 429, until some are given back', () => {
    const bytes = createBytesInFlight(bounds)
    const [first, second] = [bytes.open('a'), bytes.open('a')]
    first.take(60)
    expect(() => second.take(41)).toThrow(
      expect.objectContaining({
        code: 'rate_limited',
        retryAfterSeconds: 1,
        details: { violated_policies: ['bytes_in_flight'] },
      }),
    )
    second.take(40)
    first.release()
    second.take(41)
    expect(bytes.now()).toBe(81)
  })

  test('of a process above its bound are refused with 503, also where other keys hold the rest', () => {
    const bytes = createBytesInFlight(bounds)
    bytes.open('a').take(90)
    expect(() => bytes.open('b').take(61)).toThrow(
      expect.objectContaining({ code: 'unavailable', retryAfterSeconds: 1 }),
    )
    bytes.open('b').take(60)
    const small = bytes.open('c')
    small.take(3)
    small.take(2)
    expect(() => small.take(1)).toThrow(expect.objectContaining({ code: 'unavailable' }))
  })

  test('of a request that is alone are never too many', () => {
    const bytes = createBytesInFlight(bounds)
    const share = bytes.open('a')
    share.take(99)
    share.take(1_000)
    share.release()
    share.release()
    expect(bytes.now()).toBe(0)
  })

  test('are all given back, whatever was taken and refused', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(200))), (takes) => {
        const bytes = createBytesInFlight(bounds)
        const shares = takes.map(([key, count]) => {
          const share = bytes.open(key)
          try {
            share.take(count)
          } catch {
            // A refusal takes nothing.
          }
          return share
        })
        for (const share of shares) share.release()
        expect(bytes.now()).toBe(0)
      }),
    )
  })
})
