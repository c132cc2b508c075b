import { expect, test } from 'vitest'
import { createRandomPool } from './random-pool.ts'

test('hex digits have the requested length, and never repeat', () => {
  const chance = createRandomPool(64)
  const words = Array.from({ length: 100 }, () => chance.hex(32))
  expect(words.every((word) => /^[0-9a-f]{32}$/.test(word))).toBe(true)
  expect(new Set(words).size).toBe(100)
})

test('fractions reach every thirty-second of the way from 0 to 1', () => {
  const chance = createRandomPool(64)
  const fractions = Array.from({ length: 4_000 }, chance.fraction)
  expect(fractions.every((fraction) => fraction >= 0 && fraction < 1)).toBe(true)
  expect(new Set(fractions.map((fraction) => Math.floor(fraction * 32))).size).toBe(32)
})
