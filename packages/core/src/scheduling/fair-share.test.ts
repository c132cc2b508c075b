import { expect, test } from 'vitest'
import { afterTurn, compareShares, onReturn, type SlotShare } from './fair-share.ts'

const share = (part: Partial<SlotShare>): SlotShare => ({
  running: 0,
  weight: 1,
  virtualTime: 0,
  ...part,
})

test('fewer running turns for the weight come first, then less virtual time', () => {
  expect(compareShares(share({ running: 1 }), share({ running: 2 }))).toBeLessThan(0)
  expect(compareShares(share({ running: 3, weight: 2 }), share({ running: 2 }))).toBeLessThan(0)
  expect(compareShares(share({ virtualTime: 5 }), share({ virtualTime: 4 }))).toBeGreaterThan(0)
  expect(compareShares(share({ running: 1, virtualTime: 1 }), share({ virtualTime: 9 }))).toBe(1)
})

test('a turn costs its time divided by the weight, never gives time back, and is never free', () => {
  expect(afterTurn(share({ weight: 4, virtualTime: 10 }), 1_001)).toBe(260)
  expect(afterTurn(share({ virtualTime: 10 }), -5)).toBe(11)
  expect(afterTurn(share({ weight: 4, virtualTime: 10 }), 3)).toBe(11)
})

test('one that returns has no credit for the time without work', () => {
  expect(onReturn(100, 5_000)).toBe(5_000)
  expect(onReturn(9_000, 5_000)).toBe(9_000)
})

/** One slot, which a workspace with long turns and one with short turns always want. */
function shareOfTime(longMs: number, shortMs: number, weight: number): number {
  const sides = { long: share({ weight }), short: share({}) }
  const used = { long: 0, short: 0 }
  const ms = { long: longMs, short: shortMs }
  while (used.long + used.short < 1_000 * longMs) {
    const next = compareShares(sides.long, sides.short) <= 0 ? 'long' : 'short'
    sides[next].virtualTime = afterTurn(sides[next], ms[next])
    used[next] += ms[next]
  }
  return used.long / (used.long + used.short)
}

test('on one slot, turns that last 100 times longer get half of the time', () => {
  expect(shareOfTime(100_000, 1_000, 1)).toBeCloseTo(0.5, 2)
  expect(shareOfTime(100_000, 1_000, 3)).toBeCloseTo(0.75, 2)
})
