import { randomOf } from '../lib/ids.ts'
import { parseCadence } from './cadence.ts'
import { nextOccurrence } from './next-occurrence.ts'
import type { Schedule, ScheduleState } from './schedule.ts'

/** What determines the occurrences of a schedule. */
export type Timing = Pick<
  Schedule,
  'id' | 'type' | 'expression' | 'timezone' | 'startAt' | 'endAt' | 'spread'
>

/** The first occurrence of a schedule after a time, without its spread. */
export function occurrenceAfter(
  schedule: Timing,
  { anchor, after }: { anchor: number; after: number },
): number | undefined {
  const { startAt, endAt = Infinity } = schedule
  const cadence = parseCadence(schedule)
  const everyMs = cadence.type === 'interval' ? cadence.everyMs : 0
  const next = nextOccurrence(cadence, {
    after: startAt === undefined ? after : Math.max(after, startAt - 1),
    anchor: startAt === undefined ? anchor : startAt - everyMs,
  })
  return next !== undefined && next <= endAt ? next : undefined
}

const goldenRatio = 0.618_033_988_749_895

/** How much later than its nominal time a schedule fires: always the same, made of its id. */
export function spreadOf({ id, spread }: Pick<Schedule, 'id' | 'spread'>): number {
  if (spread === undefined) return 0
  const fraction = (randomOf(id) * goldenRatio) % 1
  return Math.floor((fraction * spread.ms) / 1_000) * 1_000
}

/** When a schedule fires next, at most `most` times. */
export function upcoming(
  schedule: Timing & Pick<Schedule, 'maxRuns'>,
  state: Pick<ScheduleState, 'isActive' | 'next' | 'anchor' | 'counted'>,
  most: number,
): number[] {
  const { maxRuns = Infinity } = schedule
  const { anchor, isActive, counted } = state
  const offset = spreadOf(schedule)
  const times: number[] = []
  let at = isActive ? state.next : undefined
  while (at !== undefined && times.length < Math.min(most, maxRuns - counted)) {
    times.push(at + offset)
    at = occurrenceAfter(schedule, { anchor, after: at })
  }
  return times
}
