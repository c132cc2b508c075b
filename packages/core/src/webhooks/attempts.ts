import { limits } from '../limits/limits.ts'

const { retryAfter } = limits.webhooks
const [seconds, minutes, hours] = [1_000, 60_000, 3_600_000]

/** The waits before the attempts of a delivery, milliseconds. */
export const attemptWaits: readonly number[] = [
  0,
  5 * seconds,
  5 * minutes,
  30 * minutes,
  2 * hours,
  5 * hours,
  10 * hours,
  14 * hours,
  20 * hours,
  24 * hours,
]

/** What became of an attempt: a status, or an error without one. */
export type AttemptAnswer = { status?: number | undefined; retryAfterMs?: number | undefined }

export type AttemptOutcome =
  | { outcome: 'delivered' }
  /** The next attempt comes after a wait. */
  | { outcome: 'retry'; afterMs: number }
  | { outcome: 'failed' }
  /** The receiver wants no more events. */
  | { outcome: 'gone' }

/**
 * What follows from an attempt. `made` is the number of attempts that were made, with this one. `random` is from 0 to 1:
 * a wait is up to a tenth shorter, so that deliveries that failed together do not return together.
 */
export function afterAttempt(
  made: number,
  { status, retryAfterMs = 0 }: AttemptAnswer,
  random: number,
): AttemptOutcome {
  if (status !== undefined && status >= 200 && status < 300) return { outcome: 'delivered' }
  if (status === 410) return { outcome: 'gone' }
  const wait = attemptWaits[made]
  if (wait === undefined) return { outcome: 'failed' }
  const planned = wait * (1 - 0.1 * random)
  return {
    outcome: 'retry',
    afterMs: Math.round(Math.max(planned, Math.min(retryAfterMs, retryAfter))),
  }
}

/** The wait that a `Retry-After` header asks for: seconds, or a date. Undefined when it cannot be read. */
export function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1_000
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
