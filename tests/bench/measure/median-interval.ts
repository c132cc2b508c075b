import { median } from './rounds.ts'

/** A median, and an interval that contains the true median with at least this probability. */
export type MedianInterval = { median: number; low: number; high: number; confidence: number }

/**
 * The median of a sample with an interval that assumes no distribution: its bounds are two values of the
 * sample, at the same distance from its ends, and as close together as `wanted` permits. With fewer than
 * six values 95 % is impossible: the whole range is returned with its probability.
 */
export function medianInterval(values: number[], wanted = 0.95): MedianInterval {
  const sorted = values.toSorted((a, b) => a - b)
  const left = cutFromEachEnd(sorted.length, wanted)
  return {
    median: median(sorted),
    low: sorted[left] ?? Number.NaN,
    high: sorted[sorted.length - 1 - left] ?? Number.NaN,
    confidence: coverage(sorted.length, left),
  }
}

function cutFromEachEnd(count: number, wanted: number): number {
  let cut = 0
  while (2 * (cut + 1) < count && coverage(count, cut + 1) >= wanted) cut += 1
  return cut
}

/**
 * The probability that the true median lies between the values that remain after this number has been cut
 * from each end. It does not if at most this number of values are below it, or above it.
 */
function coverage(count: number, cut: number): number {
  let ways = 1
  let outside = 0
  for (let below = 0; below <= cut; below += 1) {
    outside += ways
    ways = (ways * (count - below)) / (below + 1)
  }
  return Math.max(0, 1 - (2 * outside) / 2 ** count)
}
