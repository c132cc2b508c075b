import type { WorkspaceEvent } from '../webhooks/workspace-event.ts'
import type { OccurrenceRecord, Schedule, ScheduleState } from './schedule.ts'

type Change = { before: ScheduleState; after: ScheduleState; records: OccurrenceRecord[] }

/**
 * What endpoints are notified of when a schedule changes: each occurrence that does not run, and a pause. The event of
 * the same occurrence always has the same subject.
 */
export function scheduleEvents(
  schedule: Schedule,
  { before, after, records }: Change,
  now: number,
): WorkspaceEvent[] {
  const events = records
    .filter(({ status }) => status !== 'started')
    .map((record) => skippedEvent(schedule, record))
  const { pausedReason: reason, generation, failures } = after
  // A schedule that has come to its end is not paused.
  const isPaused = before.isActive && !after.isActive && reason !== 'finished'
  if (!isPaused) return events
  const data = { ...subjectOf(schedule), reason: reason ?? null, failures }
  const subject = `${schedule.id}_${generation}_paused`
  return [...events, { type: 'schedule.paused', subject, at: now, data }]
}

function skippedEvent(
  schedule: Schedule,
  { id, at, kind, recordedAt, status, reason, message }: OccurrenceRecord,
): WorkspaceEvent {
  const data = {
    ...subjectOf(schedule),
    run_id: id,
    scheduled_for: new Date(at).toISOString(),
    kind,
    // A run whose request was refused for good has not been skipped, but did not start either.
    status: status === 'skipped' ? 'skipped' : 'refused',
    reason: reason ?? null,
    message: message ?? null,
  }
  return { type: 'schedule.skipped', subject: `${schedule.id}_${id}`, at: recordedAt, data }
}

function subjectOf({ id, agentId, displayName }: Schedule) {
  return { id, agent: agentId, display_name: displayName ?? null }
}
