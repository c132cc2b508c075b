import type { OccurrenceRecord } from '../schedules/schedule.ts'
import type { ScheduleWrite, StoredSchedule } from '../schedules/schedule-write.ts'
import type { Page } from './page.ts'

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
