import { limits } from '../limits/limits.ts'
import { hasFailedTooOften } from './advance.ts'
import type { OccurrenceRecord, Schedule, ScheduleState } from './schedule.ts'
import { stopped } from './stop.ts'

/**
 * What became of the submit of an occurrence: accepted; refused for now, to be tried again; refused for good; or its
 * task cannot continue, so that it begins a new one.
 */
export type FiringOutcome =
  | { kind: 'accepted'; taskId: string; turn: number }
  | { kind: 'later'; afterMs: number }
  | { kind: 'refused'; reason: string; message: string }
  | { kind: 'elsewhere' }

/** Applies the outcome of a submit. Returns undefined when another process has applied it already. */
export function settleFiring(
  schedule: Schedule,
  state: ScheduleState,
  { id, outcome, now }: { id: string; outcome: FiringOutcome; now: number },
): { state: ScheduleState; records: OccurrenceRecord[] } | undefined {
  const { firing } = state
  if (firing?.id !== id) return undefined
  if (outcome.kind === 'later') {
    const next = { ...firing, tries: firing.tries + 1, retryAt: now + outcome.afterMs }
    return { state: { ...state, firing: next }, records: [] }
  }
  if (outcome.kind === 'elsewhere') {
    const next = { ...firing, taskId: firing.freshTaskId, retryAt: now }
    return { state: { ...state, firing: next }, records: [] }
  }
  const { firing: _, ...rest } = state
  const { at, kind } = firing
  const record = { id, at, kind, recordedAt: now }
  if (outcome.kind === 'accepted') {
    const { taskId, turn } = outcome
    const fired = {
      ...rest,
      live: liveWith(schedule, state, { taskId, turn, at: now }),
      lastTaskId: taskId,
      triggerCount: state.triggerCount + 1,
      lastTriggeredAt: now,
    }
    return { state: fired, records: [{ ...record, status: 'started', taskId, turn }] }
  }
  const { reason, message } = outcome
  const failed: OccurrenceRecord = { ...record, status: 'failed', reason, message }
  const after = { ...rest, failures: state.failures + 1 }
  if (!hasFailedTooOften(schedule, after)) return { state: after, records: [failed] }
  const stop = stopped(after, 'failures', now)
  return { state: stop.state, records: [failed, ...stop.records] }
}

/** The runs to be watched. Where runs may overlap, only their failures matter, and only the latest are watched. */
function liveWith(
  { overlap, pauseAfterFailures }: Schedule,
  { live }: ScheduleState,
  run: ScheduleState['live'][number],
): ScheduleState['live'] {
  if (overlap !== 'allow') return [...live, run]
  return pauseAfterFailures === undefined ? [] : [...live, run].slice(-limits.schedules.watched)
}
