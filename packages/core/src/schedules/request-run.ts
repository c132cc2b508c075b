import { invalid, LonghaulError } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'
import { occurrenceAfter } from './occurrences.ts'
import type { Occurrence, Schedule, ScheduleState } from './schedule.ts'

/** Adds a run that a caller has requested. `name` is unique. It waits for earlier runs as its schedule says. */
export function withManualRun(
  state: ScheduleState,
  { name, now }: { name: string; now: number },
): ScheduleState {
  if (!state.isActive) {
    throw new LonghaulError('invalid', 'The schedule is not active: set is_active to true first.', {
      reason: 'schedule_inactive',
    })
  }
  refuseMany(state, 1)
  const run: Occurrence = { id: `manual.${name}`, at: now, kind: 'manual' }
  return { ...state, waiting: [...state.waiting, run] }
}

/** Adds a run for each occurrence of a past time span, both ends included. */
export function withBackfill(
  schedule: Schedule,
  state: ScheduleState,
  { from, to }: { from: number; to: number },
): { state: ScheduleState; runs: Occurrence[] } {
  const { anchor, backfills } = state
  const most = limits.schedules.backfill
  const number = backfills + 1
  const runs: Occurrence[] = []
  for (let after = from - 1; ;) {
    const at = occurrenceAfter(schedule, { anchor, after })
    if (at === undefined || at > to) break
    if (runs.length === most) {
      throw invalid('to', `is too late: a backfill has at most ${most} runs, so send several`)
    }
    runs.push({ id: `backfill.${number}.${at}`, at, kind: 'backfill' })
    after = at
  }
  refuseMany(state, runs.length)
  return { state: { ...state, waiting: [...state.waiting, ...runs], backfills: number }, runs }
}

function refuseMany({ waiting }: ScheduleState, added: number): void {
  const most = limits.schedules.waiting
  if (waiting.length + added <= most) return
  throw new LonghaulError(
    'conflict',
    `${waiting.length} runs of the schedule wait, and ${most} may: wait until some have started.`,
    { reason: 'too_many_runs' },
  )
}
