import { invalid, limits, startDelay, type MaybeStartTime } from '@longhaul/core'

/** Refuses a start that is too far ahead. Durations were checked when they were parsed. */
export function refuseFarStart(start: MaybeStartTime, time: number): void {
  if (startDelay(start, time) <= limits.startAhead) return
  throw invalid('startAt', `is more than ${limits.startAhead / 86_400_000} days ahead`)
}
