import { limits } from '../limits/limits.ts'
import { spreadOf } from './occurrences.ts'
import type { Schedule, ScheduleState } from './schedule.ts'

/** When something is to be done for a schedule next; undefined while nothing is. */
export function dueTime(schedule: Schedule, state: ScheduleState, now: number): number | undefined {
  const { firing, next, waiting, live } = state
  const times: number[] = []
  if (firing !== undefined) times.push(firing.retryAt ?? now)
  if (state.isActive && next !== undefined) times.push(next + spreadOf(schedule))
  if (waiting.length > 0 && firing === undefined) {
    times.push(schedule.overlap === 'allow' || live.length === 0 ? now : lookAgain(live, now))
  } else if (live.length > 0 && schedule.pauseAfterFailures !== undefined) {
    times.push(lookAgain(live, now))
  }
  return times.length === 0 ? undefined : Math.min(...times)
}

/** A run is looked at after a part of the time that it has taken so far. */
function lookAgain(live: ScheduleState['live'], now: number): number {
  const { least, most, part } = limits.schedules.look
  const latest = Math.max(...live.map(({ at }) => at))
  return now + Math.min(most, Math.max(least, (now - latest) * part))
}
