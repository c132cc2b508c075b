import { limits } from '../limits/limits.ts'

/** How finely usage is counted. */
export const grains = ['minute', 'hour', 'day'] as const
export type Grain = (typeof grains)[number]

const lengths = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** The start of the bucket of a time, epoch milliseconds. Days are those of UTC. */
export function bucketStart(grain: Grain, at: number): number {
  return Math.floor(at / lengths[grain]) * lengths[grain]
}

/** Until when a bucket is kept. */
export function bucketEnd(grain: Grain, start: number): number {
  return start + limits.usage.kept[grain] + lengths[grain]
}

/** A time range of buckets, both ends included. */
export type BucketRange = { grain: Grain; from: number; to: number }

/** The starts of all buckets of a range that may be kept, the earliest first. */
export function bucketStarts({ grain, from, to }: BucketRange, now: number): number[] {
  const length = lengths[grain]
  const first = bucketStart(grain, Math.max(from, now - limits.usage.kept[grain]))
  const last = bucketStart(grain, Math.min(to, now + length))
  const count = Math.max(0, Math.floor((last - first) / length) + 1)
  return Array.from({ length: count }, (_, at) => first + at * length)
}

/** The end of a bucket, and the range that a request without `from` means. */
export function endOfBucket(grain: Grain, start: number): number {
  return start + lengths[grain]
}

export const usualRange = { minute: 3_600_000, hour: 86_400_000, day: 30 * 86_400_000 } as const
