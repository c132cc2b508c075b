import { z } from 'zod'

/** Field types that several replies of this dialect share. */

export const time = z.string().meta({ format: 'date-time' })
export const freeMap = z.record(z.string(), z.unknown())
