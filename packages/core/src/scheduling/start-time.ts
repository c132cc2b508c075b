import { limits } from '../limits/limits.ts'

/** When a turn may start: at a time (epoch milliseconds), or so many milliseconds from now. */
export type StartTime =
  | { startAt: number; startInMs?: never }
  | { startInMs: number; startAt?: never }

/**
 * Parses a time with its zone, such as 2026-12-01T09:00:00Z, or a duration of ISO 8601, such as PT10M. Returns undefined
 * for another text, and for a duration that is longer than a start may be ahead.
 */
export function parseStartTime(text: string): StartTime | undefined {
  const startInMs = parseIsoDuration(text)
  if (startInMs !== undefined) return startInMs <= limits.startAhead ? { startInMs } : undefined
  const startAt = parseIsoTime(text)
  return startAt === undefined ? undefined : { startAt }
}

/** The same where a turn may also start at once. */
export type MaybeStartTime = { startAt?: number | undefined; startInMs?: number | undefined }

/** How many milliseconds a start is ahead; 0 when it is not. */
export function startDelay({ startAt, startInMs }: MaybeStartTime, time: number): number {
  return Math.max(0, startInMs ?? (startAt === undefined ? 0 : startAt - time))
}

/** Parses a time with its zone. */
export function parseIsoTime(text: string): number | undefined {
  const form = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:[Zz]|[+-]\d\d:?\d\d)$/
  if (!form.test(text)) return undefined
  const time = Date.parse(
    text
      .toUpperCase()
      .replace(',', '.')
      .replace(/([+-]\d\d)(\d\d)$/, '$1:$2'),
  )
  return Number.isNaN(time) ? undefined : time
}

const day = 86_400_000
const unitsOfDuration = [7 * day, day, 3_600_000, 60_000, 1_000]

/**
 * Parses a duration of ISO 8601 in milliseconds: weeks, days, hours, minutes and seconds, of which the last may have a
 * fraction. Years and months have no fixed length, so they are not accepted.
 */
export function parseIsoDuration(text: string): number | undefined {
  const number = String.raw`(\d{1,9}(?:[.,]\d{1,9})?)`
  const form = new RegExp(
    `^P(?=[\\dT])(?:${number}W)?(?:${number}D)?(?:T(?=\\d)(?:${number}H)?(?:${number}M)?(?:${number}S)?)?$`,
    'i',
  )
  const parts = form.exec(text)?.slice(1)
  if (parts === undefined) return undefined
  const last = parts.findLastIndex((part) => part !== undefined)
  if (parts.some((part, at) => at < last && /[.,]/.test(part ?? ''))) return undefined
  const values = parts.map((part) => Number((part ?? '0').replace(',', '.')))
  return Math.round(values.reduce((sum, value, at) => sum + value * (unitsOfDuration[at] ?? 0), 0))
}
