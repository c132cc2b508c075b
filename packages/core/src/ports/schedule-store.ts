import type { OccurrenceRecord, Schedule, ScheduleState } from '../schedules/schedule.ts'
import type { WorkspaceEvent } from '../webhooks/workspace-event.ts'
import type { Page } from './page.ts'

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

/** Schedules, each in the shard that its id names. Every write is one script, and safe to repeat. */
export interface ScheduleStore {
  /** Rejects with rate_limited when the workspace has too many. */
  create(entry: Omit<StoredSchedule, 'revision'> & { dueAt: number | undefined }): Promise<void>
  get(id: string): Promise<StoredSchedule | undefined>
  /** The schedules of an agent, the newest first. */
  list(agentId: string): Promise<StoredSchedule[]>
  /** The schedules of a workspace, the newest first: those that are older than `after`. */
  listAll(
    workspace: string,
    page: { after?: string | undefined; limit: number },
  ): Promise<Page<StoredSchedule>>
  write(write: ScheduleWrite): Promise<'written' | 'repeated' | 'stale' | 'not_found'>
  /** Whether a write with this name of a request was made. */
  wasWritten(id: string, request: string): Promise<boolean>
  /** Removes a schedule with its records. */
  remove(id: string): Promise<boolean>
  /** Removes some schedules of a deleted agent from a shard. Returns how many. */
  removeOfAgent(shard: number, agentId: string): Promise<number>
  /** Takes due schedules, which are due again after `takenMs`. Returns when the next one is due. */
  takeDue(
    shard: number,
    options: { takenMs: number; limit: number },
  ): Promise<{ ids: string[]; now: number; nextMs: number | undefined }>
  /** What became of the occurrences of a schedule, the newest first, after the first `skip`. */
  records(id: string, page: { skip: number; limit: number }): Promise<Page<OccurrenceRecord>>
  /** The time of the store, epoch milliseconds. */
  time(): Promise<number>
}
