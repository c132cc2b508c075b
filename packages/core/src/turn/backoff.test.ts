import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoff } from './backoff.ts'
import { limits } from '../limits/limits.ts'

const chance = fc.double({ min: 0, max: 1, noNaN: true })

test('the pause that the vendor requests is a minimum, and does not shorten the wait', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.nat(3_600_000),
      chance,
      (tries, requested, random) => {
        const own = backoff(tries, undefined, random)
        expect(backoff(tries, requested, random)).toBeGreaterThanOrEqual(Math.max(requested, own))
        expect(backoff(tries, requested, random)).toBeLessThanOrEqual(
          Math.max(requested * 1.1, own),
        )
      },
    ),
  )
})

test('without it, the wait doubles up to its limit, and half of it is random', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), chance, (tries, random) => {
      const full = Math.min(limits.model.backoff * 2 ** (tries - 1), limits.model.backoffMax)
      expect(backoff(tries, undefined, random)).toBeGreaterThanOrEqual(full / 2)
      expect(backoff(tries, undefined, random)).toBeLessThanOrEqual(full)
    }),
  )
})
