import type {
  Occurrence,
  OccurrenceRecord,
  pausedReasons,
  ScheduleState,
  skipReasons,
} from './schedule.ts'

/** The record of an occurrence that does not run. */
export function skipped(
  { id, at, kind }: Occurrence,
  reason: (typeof skipReasons)[number],
  now: number,
): OccurrenceRecord {
  return { id, at, kind, recordedAt: now, status: 'skipped', reason }
}

/** Stops a schedule: occurrences that wait are skipped. A turn that is being submitted is still submitted. */
export function stopped(
  state: ScheduleState,
  reason: (typeof pausedReasons)[number],
  now: number,
): { state: ScheduleState; records: OccurrenceRecord[] } {
  const { next: _, ...rest } = state
  return {
    state: { ...rest, isActive: false, pausedReason: reason, waiting: [] },
    records: state.waiting.map((each) => skipped(each, 'paused', now)),
  }
}
