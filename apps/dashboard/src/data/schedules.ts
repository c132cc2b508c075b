import type { Schedule, ScheduleRun } from '@longhaul/client'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { Tone } from '../parts/badge.tsx'
import { client } from './api.ts'

type Ref = { agent: string; id: string }

export function refOf({ agent_key: agent, _id: id }: Schedule): Ref {
  return { agent, id }
}

export function pathOfSchedule({ agent, id }: Ref): string {
  return `/schedules/${encodeURIComponent(agent)}/${encodeURIComponent(id)}`
}

/** The schedules of all agents, the newest first. The first page is read again every few seconds. */
export function useSchedules() {
  return useInfiniteQuery({
    queryKey: ['schedules'],
    queryFn: ({ pageParam, signal }) =>
      client.schedules.listAll(
        { limit: 50, ...(pageParam && { starting_after: pageParam }) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ has_more: more, schedules }) => (more ? schedules.at(-1)?._id : undefined),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 2 ? 5_000 : false),
  })
}

const runsOfPage = 50

/** What became of the occurrences of a schedule: those that wait, then the latest. */
export function useRuns(ref: Ref) {
  return useInfiniteQuery({
    queryKey: ['runs', ref.id],
    queryFn: ({ pageParam, signal }) =>
      client.schedules.runs(ref, { limit: runsOfPage, skip: pageParam }, { signal }),
    initialPageParam: 0,
    getNextPageParam: ({ has_more: more }, _pages, skip) => (more ? skip + runsOfPage : undefined),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? 3_000 : false),
  })
}

const pausedSentences: Record<NonNullable<Schedule['paused_reason']>, string> = {
  requested: 'A request has stopped it.',
  failures: 'Too many of its runs have failed in a row.',
  finished: 'No time is left at which it would fire.',
}

/** Whether a schedule fires, and why it does not. */
export function stateOfSchedule({ is_active: isActive, paused_reason: reason }: Schedule): {
  label: string
  tone: Tone
  why?: string
} {
  if (isActive) return { label: 'Active', tone: 'good' }
  if (reason === 'finished') {
    return { label: 'Finished', tone: 'plain', why: pausedSentences.finished }
  }
  const tone = reason === 'failures' ? 'bad' : 'plain'
  return { label: 'Inactive', tone, ...(reason && { why: pausedSentences[reason] }) }
}

const looks: Record<string, [label: string, tone: Tone]> = {
  waiting: ['Waits', 'warn'],
  starting: ['Starting', 'accent'],
  skipped: ['Skipped', 'plain'],
  refused: ['Refused', 'bad'],
  deleted: ['Task deleted', 'plain'],
  continued: ['Continued', 'good'],
  queued: ['Queued', 'accent'],
  running: ['Running', 'accent'],
  parked: ['Waiting', 'warn'],
  completed: ['Completed', 'good'],
  failed: ['Failed', 'bad'],
  cancelled: ['Cancelled', 'plain'],
}

export function lookOfRun(status: string): [label: string, tone: Tone] {
  return looks[status] ?? [status, 'plain']
}

const skipSentences: Record<string, string> = {
  missed: 'No worker served it in time.',
  overlap: 'The run before had not ended.',
  queue_full: 'Too many runs waited already.',
  superseded: 'A later occurrence has replaced it.',
  rescheduled: 'The times of the schedule have changed.',
  paused: 'The schedule was stopped.',
}

/** Why an occurrence did not run, or what it waits for. */
export function reasonOfRun({ status, reason, message }: ScheduleRun): string {
  if (status === 'waiting') return 'An earlier run has not ended.'
  if (reason === undefined) return ''
  return skipSentences[reason] ?? message ?? reason
}
