import { invalidExpression } from './cadence.ts'
import { occurrenceAfter, type Timing } from './occurrences.ts'
import type { OccurrenceRecord, Schedule, ScheduleState } from './schedule.ts'
import { skipped, stopped } from './stop.ts'

/** The state of a new schedule. Throws invalid when it would never fire. */
export function newScheduleState(schedule: Timing, now: number): ScheduleState {
  return {
    generation: 1,
    isActive: true,
    anchor: now,
    next: firstOccurrence(schedule, now),
    counted: 0,
    waiting: [],
    live: [],
    triggerCount: 0,
    failures: 0,
    backfills: 0,
  }
}

function firstOccurrence(schedule: Timing, now: number): number {
  const next = occurrenceAfter(schedule, { anchor: now, after: now })
  if (next === undefined) {
    throw invalidExpression('names no time that is still to come, so the schedule would never fire')
  }
  return next
}

const timing = ['type', 'expression', 'timezone', 'startAt', 'endAt'] as const

/**
 * The state after a change of a schedule. Another cadence, and an activation, begin a new generation: its occurrences
 * count from now on, and those of the former one that wait are skipped.
 */
export function changedState(
  state: ScheduleState,
  {
    before,
    after,
    isActive = state.isActive,
    now,
  }: { before: Schedule; after: Schedule; isActive?: boolean | undefined; now: number },
): { state: ScheduleState; records: OccurrenceRecord[] } {
  if (!isActive) {
    if (state.isActive) return stopped(state, 'requested', now)
    return { state: recounted(state, before, after), records: [] }
  }
  const hasOtherTimes = timing.some((name) => before[name] !== after[name])
  if (state.isActive && !hasOtherTimes) return { state, records: [] }
  const { pausedReason: _, ...rest } = recounted(state, before, after)
  return {
    state: {
      ...rest,
      generation: state.generation + 1,
      isActive: true,
      anchor: now,
      next: firstOccurrence(after, now),
      counted: 0,
      waiting: state.waiting.filter(({ kind }) => kind !== 'scheduled'),
      failures: 0,
    },
    records: state.waiting
      .filter(({ kind }) => kind === 'scheduled')
      .map((each) => skipped(each, 'rescheduled', now)),
  }
}

/** The triggers of another expression are counted anew. */
function recounted(state: ScheduleState, before: Schedule, after: Schedule): ScheduleState {
  const isSame = before.expression === after.expression && before.type === after.type
  return isSame ? state : { ...state, triggerCount: 0 }
}
