import { limits } from '../limits/limits.ts'

/**
 * How long to wait before a failed model call is repeated, milliseconds. The wait doubles with each try (from 1), with
 * jitter (`random` from 0 to 1). The vendor's Retry-After is a minimum.
 */
export function backoff(tries: number, retryAfter: number | undefined, random: number): number {
  const full = Math.min(limits.model.backoff * 2 ** (tries - 1), limits.model.backoffMax)
  const own = full * (0.5 + random / 2)
  return Math.max(own, (retryAfter ?? 0) * (1 + random * 0.1))
}
