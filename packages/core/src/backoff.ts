import { limits } from './limits.ts'

/**
 * How long to wait before a failed model call is tried again, milliseconds. The vendor's Retry-After
 * is a minimum; without one the wait doubles with each try (from 1), with jitter (`random` from 0 to 1).
 */
export function backoff(tries: number, retryAfter: number | undefined, random: number): number {
  if (retryAfter !== undefined) return retryAfter * (1 + random * 0.1)
  const full = Math.min(limits.model.backoff * 2 ** (tries - 1), limits.model.backoffMax)
  return full * (0.5 + random / 2)
}
