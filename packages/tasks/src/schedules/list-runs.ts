import {
  type Occurrence,
  type OccurrenceRecord,
  type Page,
  type ScheduleStore,
  type Status,
  type StoredSchedule,
  type TaskStore,
} from '@longhaul/core'

/** An occurrence, and what became of it so far. */
export type ScheduleRun = Pick<Occurrence, 'id' | 'at' | 'kind'> &
  Partial<Omit<OccurrenceRecord, 'status'>> & {
    status: 'waiting' | 'starting' | 'skipped' | 'refused' | 'deleted' | 'continued' | Status
  }

/** Lists occurrences of a schedule: those that wait, and then the others, the newest first. */
export async function listRuns(
  { schedule: { id }, state }: Pick<StoredSchedule, 'schedule' | 'state'>,
  { skip, limit }: { skip: number; limit: number },
  { schedules, store }: { schedules: ScheduleStore; store: Pick<TaskStore, 'view'> },
): Promise<Page<ScheduleRun>> {
  const { firing } = state
  const open: ScheduleRun[] = [
    ...state.waiting.toReversed().map((each) => ({ ...each, status: 'waiting' as const })),
    ...(firing
      ? [{ id: firing.id, at: firing.at, kind: firing.kind, status: 'starting' as const }]
      : []),
  ]
  const first = open.slice(skip, skip + limit)
  const rest = { skip: Math.max(0, skip - open.length), limit: limit - first.length }
  const records = await schedules.records(id, rest)
  const ended = await Promise.all(records.items.map((record) => withStatus(record, store)))
  const isMoreOpen = open.length > skip + limit
  return { items: [...first, ...ended], more: isMoreOpen || records.more }
}

async function withStatus(
  record: OccurrenceRecord,
  store: Pick<TaskStore, 'view'>,
): Promise<ScheduleRun> {
  const { status, taskId, turn } = record
  if (status === 'skipped') return { ...record, status }
  if (status === 'failed' || taskId === undefined) return { ...record, status: 'refused' }
  const view = await store.view(taskId)
  if (view === undefined) return { ...record, status: 'deleted' }
  return { ...record, status: view.turn === turn ? view.status : 'continued' }
}
