import type { WorkspaceEvent } from '../webhooks/workspace-event.ts'
import { dueTime } from './due-time.ts'
import type { OccurrenceRecord, Schedule, ScheduleState } from './schedule.ts'
import { scheduleEvents } from './schedule-events.ts'

/** A schedule as it is stored. `revision` changes with every write. */
export type StoredSchedule = { schedule: Schedule; state: ScheduleState; revision: number }

/** A write to a schedule, which fails if another one came first. */
export type ScheduleWrite = {
  id: string
  workspace: string
  seen: number
  /** Absent where only the state changes. */
  schedule?: Schedule
  state: ScheduleState
  /** When a worker must look at the schedule next; never when absent. */
  dueAt: number | undefined
  records: OccurrenceRecord[]
  /** The events of the change. They are noted if the workspace has endpoints. */
  events: WorkspaceEvent[]
  /** The name of a request that may be repeated: only the first write with it, of a day, changes anything. */
  request?: string
}

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
