import { expect, test } from 'vitest'
import { medianInterval } from './median-interval.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1)

// From tables of the sign test.
test.for([
  { count: 6, low: 1, high: 6, confidence: 0.969 },
  { count: 9, low: 2, high: 8, confidence: 0.961 },
  { count: 15, low: 4, high: 12, confidence: 0.965 },
  { count: 25, low: 8, high: 18, confidence: 0.957 },
])('the interval of $count values is that of the sign test', ({ count, confidence, ...ends }) => {
  const shuffled = upTo(count).toSorted((a, b) => ((a * 7) % 11) - ((b * 7) % 11))
  const found = medianInterval(shuffled)
  expect(found).toMatchObject({ median: (count + 1) / 2, ...ends })
  expect(found.confidence).toBeCloseTo(confidence, 3)
})

test('the interval of too few values is their range, with its probability', () => {
  expect(medianInterval(upTo(5))).toEqual({ median: 3, low: 1, high: 5, confidence: 0.9375 })
  expect(medianInterval([7])).toEqual({ median: 7, low: 7, high: 7, confidence: 0 })
})

test('an outlier changes neither the median nor the interval', () => {
  expect(medianInterval([...upTo(14), 1_000])).toEqual(medianInterval(upTo(15)))
})

test('the true median is in the interval with the stated probability', () => {
  // A fixed sequence of pseudo-random numbers, whose true median is 0.5.
  let state = 1
  const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  const runs = 4_000
  let inside = 0
  for (let run = 0; run < runs; run += 1) {
    const { low, high } = medianInterval(Array.from({ length: 15 }, next))
    if (low <= 0.5 && 0.5 <= high) inside += 1
  }
  expect(inside / runs).toBeGreaterThan(0.955)
  expect(inside / runs).toBeLessThan(0.975)
})
