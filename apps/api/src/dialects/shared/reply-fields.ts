import { z } from 'zod'

/** Field types that several replies share. */

export const time = z.string().meta({ format: 'date-time' })
export const freeMap = z.record(z.string(), z.unknown())

/** Converts epoch milliseconds to a `time`. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
