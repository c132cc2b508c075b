import { median } from './rounds.ts'

/** A median, and the interval that holds the true one with this probability at least. */
export type MedianInterval = { median: number; low: number; high: number; confidence: number }

/**
 * The median of a sample with an interval that supposes no distribution: its ends are two values of the
 * sample, equally far from both of its ends, and as close together as `wanted` permits. With fewer than
 * six values 95 % cannot be had: the whole range is returned, with the probability that it has.
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
 * The probability that the true median lies between the values that are left when so many have been cut
 * from each end: it does not when at most so many values are below it, or above.
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
