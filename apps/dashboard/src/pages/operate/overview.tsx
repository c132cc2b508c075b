import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { count, duration, share } from '../../data/format.ts'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { Figure, PageHead } from '../../parts/page-head.tsx'
import { InProgress } from './in-progress.tsx'
import { UsageChart } from './usage-chart.tsx'
import { UsageTable } from './usage-table.tsx'
import { startOf, type Total, useUsage, type Window, windowOf, windows } from './usage-window.ts'

/** What the workspace does now, and did lately. Each number leads to its tasks. */
export function Overview() {
  const [search, setSearch] = useSearchParams()
  const window = windowOf(search.get('minutes'))
  const { data: usage, error } = useUsage(window)
  return (
    <>
      <PageHead title="Overview">
        <div
          role="group"
          aria-label="Window"
          className="flex rounded-lg border border-line bg-card p-0.5"
        >
          {windows.map(({ minutes, label }) => (
            <button
              key={minutes}
              type="button"
              aria-pressed={minutes === window.minutes}
              className={`rounded-md px-2.5 py-1 ${minutes === window.minutes ? 'bg-accent-soft font-semibold text-accent' : 'text-soft'}`}
              onClick={() => setSearch({ minutes: String(minutes) }, { replace: true })}
            >
              {label}
            </button>
          ))}
        </div>
      </PageHead>
      {error && <ErrorNote>{messageOf(error)}</ErrorNote>}
      <Now />
      <Lately window={window} total={usage?.totals[0] ?? {}} />
      {usage && <UsageChart usage={usage} window={window} />}
      <InProgress />
      <div className="mt-4 grid gap-4 lg:grid-cols-2">
        <UsageTable window={window} by="agent" />
        <UsageTable window={window} by="model" />
      </div>
    </>
  )
}

function Now() {
  const { data: limits } = useQuery({
    queryKey: ['limits', ''],
    queryFn: ({ signal }) => client.limits.get({ signal }),
    refetchInterval: 3_000,
  })
  const now = limits?.now
  const oldest = now?.oldest_queued_seconds
  return (
    <dl className="grid grid-cols-2 gap-3 md:grid-cols-4">
      {(['running', 'queued', 'parked'] as const).map((state) => (
        <Figure key={state} label={`${names[state]} now`}>
          <Link href={`/tasks?state=${state}`} className="hover:underline">
            {now ? count(now[state]) : '–'}
          </Link>
        </Figure>
      ))}
      <Figure label="Oldest in the queue">
        <Link href="/tasks?state=queued" className="hover:underline">
          {oldest === undefined ? 'none' : duration(oldest * 1_000)}
        </Link>
      </Figure>
    </dl>
  )
}

const names = { running: 'Running', queued: 'Queued', parked: 'Parked' } as const

/** The numbers of a window. A turn counts when it ends; the lists have the tasks that began in the window. */
function Lately({ window: { minutes }, total }: { window: Window; total: Total }) {
  const { requests = 0, errors = 0, cancelled = 0, started = 0 } = total
  const { input_tokens: input = 0, output_tokens: output = 0, cached_tokens: cached = 0 } = total
  const since = `/tasks?created_after=${startOf(minutes)}`
  const linked = (text: string, more = '') => (
    <Link href={`${since}${more}`} className="hover:underline">
      {text}
    </Link>
  )
  return (
    <dl className="mt-3 grid grid-cols-2 gap-3 md:grid-cols-4">
      <Figure label="Tasks started">{linked(count(started))}</Figure>
      <Figure label="Turns ended" note={`${count(requests - errors - cancelled)} completed`}>
        {linked(count(requests), '&status=completed')}
      </Figure>
      <Figure label="Turns failed" note={`${count(cancelled)} cancelled`}>
        {linked(count(errors), '&status=failed')}
      </Figure>
      <Figure label="Error rate">{linked(share(errors, requests), '&status=failed')}</Figure>
      <Figure
        label="Queue wait, median"
        note={`95th percentile ${timeIn(total.queue_wait_ms?.p95)}`}
      >
        {linked(timeIn(total.queue_wait_ms?.p50))}
      </Figure>
      <Figure label="Duration, median" note={`95th percentile ${timeIn(total.duration_ms?.p95)}`}>
        {linked(timeIn(total.duration_ms?.p50), '&status=completed')}
      </Figure>
      <Figure label="Input tokens" note={`${count(cached)} of them cached`}>
        {linked(count(input))}
      </Figure>
      <Figure label="Output tokens">{linked(count(output))}</Figure>
    </dl>
  )
}

function timeIn(ms: number | undefined): string {
  return ms === undefined ? '–' : duration(ms)
}
