/**
 * The generic cell rate algorithm. A bucket is one time: when all that was taken from it would be used up at its rate.
 * Times are epoch milliseconds, with fractions.
 */
export type Pace = {
  /** The units that may be taken at once. */
  burst: number
  /** The milliseconds that one unit costs. */
  interval: number
}

/** A second more than a minute: a call may reach its vendor that much later than another one. */
const window = 61_000

/**
 * The pace that never takes more than `perMinute` units in any minute: a tenth of them at once, and the others spread
 * over the minute.
 */
export function paceOf(perMinute: number): Pace {
  const burst = Math.ceil(perMinute / 10)
  return { burst, interval: window / (perMinute - burst + 1) }
}

/** The cost of a call for a bucket: a call that needs more than a minute's units takes all of them. */
export function costIn(perMinute: number, units: number): number {
  return Math.min(Math.max(0, units), perMinute)
}

/** When `cost` units may be taken. */
export function earliest(bucket: number, cost: number, { burst, interval }: Pace): number {
  return bucket + (cost - burst) * interval
}

/** The bucket after `cost` units were taken at a time. */
export function take(bucket: number, at: number, cost: number, { interval }: Pace): number {
  return Math.max(bucket, at) + cost * interval
}

/**
 * The bucket when a call has used `units` more than it took, or fewer. Units that come back are never more than those
 * that are not yet used up.
 */
export function settle(bucket: number, units: number, pace: Pace, now: number): number {
  if (units > 0) return take(bucket, now, units, pace)
  return Math.max(bucket + units * pace.interval, Math.min(bucket, now))
}

/** What a vendor reports of its own limit: the units that are left, and the milliseconds until more come. */
export type VendorReport = { remaining: number; resetMs: number }

/** How far ahead of now a bucket must at least be, so that it gives no more than the vendor has left. */
export function aheadFor({ remaining, resetMs }: VendorReport, { burst, interval }: Pace): number {
  if (remaining >= burst) return 0
  if (remaining > 0) return (burst - remaining) * interval
  return resetMs + (burst - 1) * interval
}
