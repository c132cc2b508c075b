import { z } from 'zod'

/** A time in a query: an ISO 8601 date, or a date and time with its zone. */
export const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/, {
    error: 'must be a date, or a date and time with its zone, such as 2026-11-27T09:30:00Z',
    abort: true,
  })
  .refine(isThere, 'is no date that there is')
  .optional()

/** Whether a date exists. JavaScript reads 30 February as a day in March. */
function isThere(text: string): boolean {
  const [date = ''] = text.split('T')
  const day = new Date(date)
  return !Number.isNaN(Date.parse(text)) && day.toISOString().startsWith(date)
}
