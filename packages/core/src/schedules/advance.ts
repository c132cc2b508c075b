import { limits } from '../limits/limits.ts'
import { dueOccurrences } from './due-occurrences.ts'
import type { LiveRun, Occurrence, OccurrenceRecord, Schedule, ScheduleState } from './schedule.ts'
import { skipped, stopped } from './stop.ts'

/** How runs have ended since they were looked at last, by `runKey`. */
export type Ends = ReadonlyMap<string, 'succeeded' | 'failed'>

export type Advance = {
  state: ScheduleState
  records: OccurrenceRecord[]
  /** The runs that must be cancelled before the next one starts. */
  cancels: LiveRun[]
}

export function runKey({ taskId, turn }: Pick<LiveRun, 'taskId' | 'turn'>): string {
  return `${taskId}.${turn}`
}

/**
 * What follows for a schedule at a time: which occurrences have come, which of them are skipped, and which one fires
 * now. `freshTaskId` is the id of a task that it may begin.
 */
export function advance(
  schedule: Schedule,
  before: ScheduleState,
  { now, ends, freshTaskId }: { now: number; ends: Ends; freshTaskId: string },
): Advance {
  const records: OccurrenceRecord[] = []
  let state = countEnds(before, ends)
  if (hasFailedTooOften(schedule, state)) {
    const stop = stopped(state, 'failures', now)
    state = stop.state
    records.push(...stop.records)
  }
  const come = takeDue(schedule, state, now)
  state = come.state
  records.push(...come.records)
  return { ...fireNext(schedule, state, { now, freshTaskId }), records }
}

function countEnds(state: ScheduleState, ends: Ends): ScheduleState {
  if (ends.size === 0) return state
  let { failures } = state
  const live = state.live.filter((run) => {
    const end = ends.get(runKey(run))
    if (end !== undefined) failures = end === 'failed' ? failures + 1 : 0
    return end === undefined
  })
  return { ...state, live, failures }
}

export function hasFailedTooOften(
  { pauseAfterFailures = Infinity }: Pick<Schedule, 'pauseAfterFailures'>,
  { isActive, failures }: ScheduleState,
): boolean {
  return isActive && failures >= pauseAfterFailures
}

/** Takes the occurrences that have come into the list of those that wait, or skips them. */
function takeDue(schedule: Schedule, state: ScheduleState, now: number) {
  const records: OccurrenceRecord[] = []
  if (!state.isActive) return { state, records }
  const { fires, missed, next } = dueOccurrences(schedule, state, now)
  for (const at of missed) records.push(skipped(scheduled(state, at), 'missed', now))
  let { waiting, counted } = state
  const { maxRuns = Infinity } = schedule
  for (const at of fires) {
    if (counted >= maxRuns) break
    const occurrence = scheduled(state, at)
    const isBusy = waiting.length > 0 || state.live.length > 0 || state.firing !== undefined
    if (schedule.overlap === 'skip' && isBusy) {
      records.push(skipped(occurrence, 'overlap', now))
      continue
    }
    if (schedule.overlap === 'cancel_previous') {
      const replaced = waiting.filter(({ kind }) => kind === 'scheduled')
      for (const each of replaced) records.push(skipped(each, 'superseded', now))
      waiting = waiting.filter(({ kind }) => kind !== 'scheduled')
      counted -= replaced.length
    }
    if (waiting.length >= limits.schedules.waiting) {
      records.push(skipped(occurrence, 'queue_full', now))
      continue
    }
    waiting = [...waiting, occurrence]
    counted += 1
  }
  const taken = { ...state, waiting, counted }
  if (next !== undefined && counted < maxRuns) return { state: { ...taken, next }, records }
  const { next: _, ...rest } = taken
  return { state: { ...rest, isActive: false, pausedReason: 'finished' as const }, records }
}

function scheduled({ generation }: ScheduleState, at: number): Occurrence {
  return { id: `${generation}.${at}`, at, kind: 'scheduled' }
}

/** Lets the first occurrence that waits fire, if it need not wait any longer. */
function fireNext(
  { overlap, continueTask }: Schedule,
  state: ScheduleState,
  { freshTaskId, now }: { freshTaskId: string; now: number },
): Pick<Advance, 'state' | 'cancels'> {
  const [first, ...others] = state.waiting
  if (first === undefined || state.firing !== undefined) return { state, cancels: [] }
  if (overlap !== 'allow' && state.live.length > 0) {
    return { state, cancels: overlap === 'cancel_previous' ? state.live : [] }
  }
  const { lastTaskId } = state
  const taskId = continueTask && lastTaskId !== undefined ? lastTaskId : freshTaskId
  const firing = { ...first, taskId, freshTaskId, tries: 0, retryAt: now }
  return { state: { ...state, waiting: others, firing }, cancels: [] }
}
