import { limits } from '../limits/limits.ts'
import { occurrenceAfter, spreadOf } from './occurrences.ts'
import type { Schedule, ScheduleState } from './schedule.ts'

/** The occurrences that are due: those that fire, and those that were missed and do not. */
export type DueOccurrences = { fires: number[]; missed: number[]; next: number | undefined }

/** How late an occurrence may be served where nothing is caught up. */
const onTime = limits.schedules.onTime
/** The most occurrences that one pass lists. */
const mostListed = limits.schedules.listed

/**
 * Sorts the due occurrences of a schedule. One that is served later than the window of `catchUp` is missed. Of those
 * within the window, `all` fires each, in several passes if there are many; the others fire only the latest, so that an
 * outage is followed by at most one run.
 */
export function dueOccurrences(
  schedule: Schedule,
  { next, anchor }: Pick<ScheduleState, 'next' | 'anchor'>,
  now: number,
): DueOccurrences {
  const { runs, windowMs } = schedule.catchUp
  const till = now - spreadOf(schedule)
  const from = till - (runs === 'none' ? Math.min(onTime, windowMs) : windowMs)
  const step = (after: number) => occurrenceAfter(schedule, { anchor, after })
  const listed = listUntil(next, { till, step })
  if (listed.next === undefined || listed.next > till || runs === 'all') {
    return { ...sorted(listed.due, { from, all: runs === 'all' }), next: listed.next }
  }
  const latest = latestUntil(till, step)
  const fires = latest !== undefined && latest >= from ? [latest] : []
  return { fires, missed: listed.due, next: step(till) }
}

type Step = (after: number) => number | undefined

function listUntil(
  first: number | undefined,
  { till, step }: { till: number; step: Step },
): { due: number[]; next: number | undefined } {
  const due: number[] = []
  let next = first
  while (next !== undefined && next <= till && due.length < mostListed) {
    due.push(next)
    next = step(next)
  }
  return { due, next }
}

function sorted(due: number[], { from, all }: { from: number; all: boolean }) {
  const inTime = due.filter((at) => at >= from)
  const fires = all ? inTime : inTime.slice(-1)
  return { fires, missed: due.filter((at) => !fires.includes(at)) }
}

const hour = 3_600_000
/** Of a cadence with many occurrences, one is in the first of these spans. */
const spans = [hour, 24 * hour, 400 * 24 * hour]

function latestUntil(till: number, step: Step): number | undefined {
  for (const span of spans) {
    const { due } = listUntil(step(till - span), { till, step })
    if (due.length > 0) return due.at(-1)
  }
  return undefined
}
