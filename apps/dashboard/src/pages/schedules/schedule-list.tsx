import type { Schedule } from '@longhaul/client'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { messageOf } from '../../data/api.ts'
import { pathOfSchedule, refOf, stateOfSchedule, useSchedules } from '../../data/schedules.ts'
import { useMayAct } from '../../data/session.ts'
import { useRowKeys } from '../../data/use-row-keys.ts'
import { Badge } from '../../parts/badge.tsx'
import { EmptyState, ErrorNote } from '../../parts/empty-state.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { RowLink } from '../../parts/row-link.tsx'
import { ZonedMoment } from '../../parts/zoned-moment.tsx'
import { ScheduleForm } from './schedule-form.tsx'

/** The schedules of all agents. */
export function ScheduleList() {
  const pages = useSchedules()
  const mayAct = useMayAct()
  const [isCreating, setCreating] = useState(false)
  const [, navigate] = useLocation()
  const schedules = pages.data?.pages.flatMap((page) => page.schedules) ?? []
  const open = (at: number) => {
    const schedule = schedules[at]
    if (schedule !== undefined) navigate(pathOfSchedule(refOf(schedule)))
  }
  const [at] = useRowKeys({ size: schedules.length, onOpen: open })
  return (
    <>
      <PageHead title="Schedules">
        {mayAct && (
          <button type="button" className="button button-main" onClick={() => setCreating(true)}>
            New schedule …
          </button>
        )}
      </PageHead>
      {pages.error && <ErrorNote>{messageOf(pages.error)}</ErrorNote>}
      {pages.isSuccess && schedules.length === 0 && (
        <EmptyState
          title="No schedules yet"
          line={`curl ${location.origin}/v3/agents/demo/schedules -H "Authorization: Bearer $LONGHAUL_API_KEY" -H 'Content-Type: application/json' -d '{"type": "cron", "expression": "0 9 * * 1-5", "timezone": "Europe/Berlin", "display_name": "Morning report", "payload": {"input": "Write the morning report."}}'`}
        >
          A schedule runs an agent at fixed times. Each run is a task like any other.
        </EmptyState>
      )}
      {schedules.length > 0 && (
        <ul className="card divide-y divide-line overflow-hidden" aria-label="Schedules">
          {schedules.map((schedule, index) => (
            <ScheduleRow key={schedule._id} schedule={schedule} isCurrent={index === at} />
          ))}
        </ul>
      )}
      {pages.hasNextPage && (
        <div className="mt-4 text-center">
          <button
            type="button"
            className="button"
            disabled={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Older schedules
          </button>
        </div>
      )}
      {isCreating && <ScheduleForm onClose={() => setCreating(false)} />}
    </>
  )
}

function ScheduleRow({ schedule, isCurrent }: { schedule: Schedule; isCurrent: boolean }) {
  const { agent_key: agent, display_name: name, expression, timezone, next_run_at: next } = schedule
  const { label, tone, why } = stateOfSchedule(schedule)
  return (
    <RowLink
      href={pathOfSchedule(refOf(schedule))}
      isCurrent={isCurrent}
      className="md:grid-cols-[7rem_minmax(0,1.4fr)_minmax(0,1fr)_minmax(0,1.6fr)]"
    >
      <span>
        <Badge tone={tone} label={label} />
      </span>
      <span className="min-w-0">
        <span className="task-text block truncate font-medium">{name ?? schedule._id}</span>
        <span className="task-text block truncate text-xs text-soft">{agent}</span>
      </span>
      <code className="task-text truncate font-mono text-xs">{expression}</code>
      <span className="min-w-0">
        {next === undefined ? (
          <span className="text-soft">{why}</span>
        ) : (
          <ZonedMoment at={next} zone={timezone} />
        )}
      </span>
    </RowLink>
  )
}
