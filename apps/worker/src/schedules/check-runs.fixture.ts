import {
  type OccurrenceRecord,
  type Schedule,
  limits,
  newScheduleState,
  upcoming,
} from '@longhaul/core'
import { expectedTimes } from './expected-times.fixture.ts'
import type { Observed, Started } from './run-schedules.fixture.ts'

type Span = { from: number; until: number }

/** Everything that was wrong with what became of a schedule, from what the test has seen of it. */
export function faultsOf(schedule: Schedule, observed: Observed, span: Span): string[] {
  const { id } = schedule
  const records = observed.records.get(id) ?? []
  const starts = observed.starts.filter((start) => start.schedule === id)
  const expected = expectedTimes(schedule, span)
  const about = { schedule, records, starts, expected, observed }
  return [...wrongTimes(about), ...wrongFires(about), ...wrongSkips(about), ...overlaps(about)].map(
    (fault) => `${schedule.expression} ${schedule.timezone} ${schedule.overlap}: ${fault}`,
  )
}

type About = {
  schedule: Schedule
  records: OccurrenceRecord[]
  starts: Started[]
  expected: number[]
  observed: Observed
}

const shown = (time: number) => new Date(time).toISOString()

/** Each expected time has one outcome, and no other time has one. */
function wrongTimes({ records, expected }: About): string[] {
  const times = records.map(({ at }) => at)
  return [
    ...expected.filter((at) => !times.includes(at)).map((at) => `${shown(at)} is missing`),
    ...times.filter((at) => !expected.includes(at)).map((at) => `${shown(at)} is no time of it`),
    ...times
      .filter((at, index) => times.indexOf(at) !== index)
      .map((at) => `${shown(at)} has two outcomes`),
  ]
}

/** Each occurrence that has started has one task, and no other one has a task. */
function wrongFires({ records, starts }: About): string[] {
  const counts = new Map<string, number>()
  for (const { occurrence } of starts) counts.set(occurrence, (counts.get(occurrence) ?? 0) + 1)
  const doubled = [...counts].filter(([, count]) => count > 1)
  const started = records.filter(({ status }) => status === 'started')
  const ids = new Set(started.map((record) => record.id))
  const tasks = new Set(starts.map(({ taskId }) => taskId))
  return [
    ...doubled.map(([occurrence, count]) => `${occurrence} has ${count} tasks`),
    ...[...counts.keys()].filter((each) => !ids.has(each)).map((each) => `${each} has a task`),
    ...started
      .filter(({ taskId = '' }) => !tasks.has(taskId))
      .map((record) => `${record.id} has no task`),
    ...records.filter(({ status }) => status === 'failed').map((each) => `${each.id} has failed`),
  ]
}

/** An occurrence is skipped only for a reason that its schedule allows, and that was true then. */
function wrongSkips(about: About): string[] {
  return about.records.flatMap((record) => {
    if (record.status !== 'skipped') return lateFires(about, record)
    const isTrue = reasons[record.reason ?? '']?.(about, record) ?? false
    return isTrue ? [] : [`${shown(record.at)} is skipped, because ${record.reason}`]
  })
}

const reasons: Record<string, (about: About, record: OccurrenceRecord) => boolean> = {
  missed(about, { at, recordedAt }) {
    const { runs } = about.schedule.catchUp
    const late = recordedAt - at - offsetOf(about.schedule)
    if (late > latenessOf(about.schedule)) return true
    // Only the latest one of several is caught up.
    return (
      runs !== 'all' &&
      about.expected.some((other) => other > at && isDue(about, other, recordedAt))
    )
  },
  overlap: (about, record) =>
    about.schedule.overlap === 'skip' &&
    about.records.some((other) => isBefore(about, other, record)),
  superseded: (about, { at, recordedAt }) =>
    about.schedule.overlap === 'cancel_previous' &&
    about.expected.some((other) => other > at && isDue(about, other, recordedAt)),
}

function isDue({ schedule }: About, at: number, now: number): boolean {
  return at + offsetOf(schedule) <= now
}

/** Whether an occurrence waited or ran when another one was skipped. */
function isBefore(
  { schedule, observed }: About,
  other: OccurrenceRecord,
  skipped: OccurrenceRecord,
) {
  const { status, at, taskId = '' } = other
  const hasCome = at + offsetOf(schedule) <= skipped.recordedAt
  const end = observed.ends.get(taskId) ?? 0
  return status === 'started' && hasCome && at < skipped.at && end > skipped.recordedAt - margin
}

/** The clock of the store is set back by less than this. */
const margin = 3_000

/** One that was started must have been seen within the time in which it may be caught up. */
function lateFires({ schedule, observed }: About, { at }: OccurrenceRecord): string[] {
  const due = at + offsetOf(schedule)
  const isSeen = observed.looks.some((look) => look >= due && look - due <= latenessOf(schedule))
  return isSeen ? [] : [`${shown(at)} has started, and was too late for that`]
}

function latenessOf({ catchUp: { runs, windowMs } }: Schedule): number {
  return runs === 'none' ? Math.min(limits.schedules.onTime, windowMs) : windowMs
}

/** Runs do not overlap, unless they may. Those that queue start in the order of their times. */
function overlaps({ schedule, starts, records, observed }: About): string[] {
  if (schedule.overlap === 'allow') return []
  const sorted = starts.toSorted((a, b) => a.at - b.at)
  const faults = sorted.flatMap((start, index) => {
    const next = sorted[index + 1]
    const end = observed.ends.get(start.taskId) ?? 0
    if (next === undefined || next.at >= end - margin) return []
    return [`${next.occurrence} overlaps ${start.occurrence}`]
  })
  const times = records.filter(({ status }) => status === 'started').map(({ at }) => at)
  const isSorted = times.every((at, index) => at >= (times[index - 1] ?? 0))
  return isSorted ? faults : [...faults, 'its runs have another order than its times']
}

const offsets = new Map<string, number>()

/** How much later than its time a schedule fires, as callers see it. */
function offsetOf(schedule: Schedule): number {
  const known = offsets.get(schedule.id)
  if (known !== undefined) return known
  const state = newScheduleState(schedule, schedule.createdAt)
  const [first = 0] = upcoming(schedule, state, 1)
  const offset = first - (state.next ?? 0)
  offsets.set(schedule.id, offset)
  return offset
}
