import type { Schedule } from '@longhaul/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { counted } from '../../data/format.ts'
import { stateOfSchedule } from '../../data/schedules.ts'
import { Badge } from '../../parts/badge.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Facts } from '../../parts/facts.tsx'
import { JsonView } from '../../parts/json-view.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { RunList } from './run-list.tsx'
import { ScheduleActions } from './schedule-actions.tsx'
import { UpcomingTimes } from './upcoming-times.tsx'

/** One schedule: when it fires, what it sends, and what became of its runs. */
export function SchedulePage({ agent, id }: { agent: string; id: string }) {
  const { data, error } = useQuery({
    queryKey: ['schedules', id],
    queryFn: ({ signal }) => client.schedules.get({ agent, id }, { signal }),
    refetchInterval: 3_000,
  })
  if (error !== null && data === undefined) {
    return <EmptyState title="This schedule cannot be shown">{messageOf(error)}</EmptyState>
  }
  if (data === undefined) return <p className="text-soft">Loading …</p>
  return (
    <>
      <PageHead title={data.display_name ?? data._id}>
        <ScheduleActions schedule={data} />
      </PageHead>
      <State schedule={data} />
      <div className="mb-4 grid items-start gap-4 lg:grid-cols-2">
        <section className="card p-4" aria-labelledby="upcoming">
          <h2 id="upcoming" className="mb-2 font-semibold">
            Next runs
          </h2>
          {data.upcoming.length === 0 ? (
            <p className="text-soft">None: the schedule does not fire.</p>
          ) : (
            <UpcomingTimes times={data.upcoming} zone={data.timezone} />
          )}
        </section>
        <div className="card min-w-0 p-4">
          <JsonView value={data.payload} label="What each run receives" />
        </div>
      </div>
      <RunList schedule={{ agent, id }} zone={data.timezone} />
    </>
  )
}

function State({ schedule }: { schedule: Schedule }) {
  const { label, tone, why } = stateOfSchedule(schedule)
  const { agent_key: agent, last_triggered_at: last, catch_up: catchUp, spread } = schedule
  const { max_runs: most, pause_after_failures: failures, agent_tag: tag } = schedule
  const rules = [
    `overlap: ${schedule.overlap}`,
    `catch up: ${catchUp.runs} within ${catchUp.window}`,
    spread !== undefined && `spread: ${spread}`,
    most !== undefined && `at most ${counted(most, 'run')}`,
    failures !== undefined && `stops after ${counted(failures, 'failure')}`,
    schedule.continue_task && 'continues its task',
    schedule.priority !== undefined && `priority ${schedule.priority}`,
    schedule.start_at !== undefined && `from ${schedule.start_at}`,
    schedule.end_at !== undefined && `until ${schedule.end_at}`,
  ]
  return (
    <Facts
      facts={[
        [
          'State',
          <span key="state" className="flex flex-wrap items-center gap-2">
            <Badge tone={tone} label={label} />
            {why}
          </span>,
        ],
        [
          'Agent',
          <Link key="agent" href={`/agents/${encodeURIComponent(agent)}`} className="underline">
            {agent}
            {tag !== undefined && `@${tag}`}
          </Link>,
        ],
        [
          'Times',
          <span key="times">
            <code className="font-mono text-xs">{schedule.expression}</code>
            {schedule.type === 'cron' && <span className="text-soft"> {schedule.timezone}</span>}
          </span>,
        ],
        [
          'Fired',
          <span key="fired">
            {counted(schedule.trigger_count, 'time')}
            {last !== undefined && (
              <>
                , last <Moment at={last} />
              </>
            )}
          </span>,
        ],
        ['Rules', rules.filter((rule) => rule !== false).join(', ')],
        ['Changed', <Moment key="changed" at={schedule.updated} />],
      ]}
    />
  )
}
