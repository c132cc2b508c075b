import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoff } from './backoff.ts'
import { limits } from './limits.ts'

const chance = fc.double({ min: 0, max: 1, noNaN: true })

test('what the vendor asks for is the least', () => {
  fc.assert(
    fc.property(fc.nat(5), fc.nat(3_600_000), chance, (tries, asked, random) => {
      expect(backoff(tries + 1, asked, random)).toBeGreaterThanOrEqual(asked)
      expect(backoff(tries + 1, asked, random)).toBeLessThanOrEqual(asked * 1.1)
    }),
  )
})

test('without that it doubles up to its limit, half of it by chance', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), chance, (tries, random) => {
      const full = Math.min(limits.model.backoff * 2 ** (tries - 1), limits.model.backoffMax)
      expect(backoff(tries, undefined, random)).toBeGreaterThanOrEqual(full / 2)
      expect(backoff(tries, undefined, random)).toBeLessThanOrEqual(full)
    }),
  )
})
