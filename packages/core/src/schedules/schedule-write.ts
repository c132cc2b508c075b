import type { ScheduleWrite, StoredSchedule } from '../ports/schedule-store.ts'
import { dueTime } from './due-time.ts'
import type { OccurrenceRecord, Schedule, ScheduleState } from './schedule.ts'
import { scheduleEvents } from './schedule-events.ts'

type Next = { schedule?: Schedule; state: ScheduleState; records?: OccurrenceRecord[] }

/** The write that makes a stored schedule what it becomes, with all that follows from the change. */
export function scheduleWrite(
  { schedule: before, state, revision }: StoredSchedule,
  { schedule = before, state: after, records = [] }: Next,
  now: number,
): ScheduleWrite {
  return {
    id: before.id,
    workspace: before.workspace,
    seen: revision,
    ...(schedule !== before && { schedule }),
    state: after,
    dueAt: dueTime(schedule, after, now),
    records,
    events: scheduleEvents(schedule, { before: state, after, records }, now),
  }
}
