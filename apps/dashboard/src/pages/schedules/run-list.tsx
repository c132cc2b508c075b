import type { ScheduleRun } from '@longhaul/client'
import { Link } from 'wouter'
import { messageOf } from '../../data/api.ts'
import { lookOfRun, reasonOfRun, useRuns } from '../../data/schedules.ts'
import { pathOfTask } from '../../data/tasks.ts'
import { Badge } from '../../parts/badge.tsx'
import { EmptyState, ErrorNote } from '../../parts/empty-state.tsx'
import { ZonedMoment } from '../../parts/zoned-moment.tsx'

type Ref = { agent: string; id: string }
const kinds: Record<string, string> = { manual: 'run by hand', backfill: 'backfill' }

/** What became of the occurrences of a schedule, with their tasks. */
export function RunList({ schedule, zone }: { schedule: Ref; zone: string }) {
  const pages = useRuns(schedule)
  const runs = pages.data?.pages.flatMap((page) => page.runs) ?? []
  return (
    <section aria-labelledby="runs">
      <h2 id="runs" className="mb-3 text-base font-semibold">
        Runs
      </h2>
      {pages.error && <ErrorNote>{messageOf(pages.error)}</ErrorNote>}
      {pages.isSuccess && runs.length === 0 && (
        <EmptyState title="No runs yet">
          It has not fired. Run it now to see that it works.
        </EmptyState>
      )}
      {runs.length > 0 && (
        <ul className="card divide-y divide-line overflow-hidden" aria-label="Runs">
          {runs.map((run) => (
            <RunRow key={run._id} run={run} agent={schedule.agent} zone={zone} />
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
            Older runs
          </button>
        </div>
      )}
    </section>
  )
}

function RunRow({ run, agent, zone }: { run: ScheduleRun; agent: string; zone: string }) {
  const { scheduled_for: at, status, kind, task_id: task } = run
  const [label, tone] = lookOfRun(status)
  return (
    <li className="grid items-center gap-x-4 gap-y-1 px-4 py-2.5 md:grid-cols-[8rem_minmax(0,1.4fr)_minmax(0,1fr)_auto]">
      <span>
        <Badge tone={tone} label={label} />
      </span>
      <ZonedMoment at={at} zone={zone} />
      <span className="task-text min-w-0 text-soft">
        {[kinds[kind], reasonOfRun(run).slice(0, 500)].filter((text) => text).join('. ')}
      </span>
      <span>
        {task !== undefined && status !== 'deleted' && (
          <Link href={pathOfTask(agent, task)} className="underline">
            Open the task
          </Link>
        )}
      </span>
    </li>
  )
}
