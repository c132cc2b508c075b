import type { Task } from '@longhaul/client'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { count, duration, share } from '../../data/format.ts'
import { labelOf } from '../../data/time-kinds.ts'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { Figure, PageHead } from '../../parts/page-head.tsx'
import { Throughput } from './throughput.tsx'

const windows = [
  [15, '15 min'],
  [60, '1 h'],
  [1_440, '24 h'],
  [10_080, '7 d'],
] as const

/** The tasks of a window are counted from the list, up to this number. */
const most = 1_000
const none: Task[] = []

/** What the workspace does now, and did lately. Each number leads to its tasks. */
export function Overview() {
  const [search, setSearch] = useSearchParams()
  const minutes = Number(search.get('minutes') ?? 60)
  const { data: limits } = useQuery({
    queryKey: ['limits', ''],
    queryFn: ({ signal }) => client.limits.get({ signal }),
    refetchInterval: 3_000,
  })
  const { data: tasks = none, error } = useQuery({
    queryKey: ['overview', minutes],
    queryFn: ({ signal }) => tasksSince(minutes, signal),
    refetchInterval: 15_000,
    placeholderData: (previous) => previous,
  })
  const since = new Date(Date.now() - minutes * 60_000).toISOString()
  const by = (status: string) => tasks.filter((task) => task.status === status)
  const tokens = tasks.reduce((sum, { usage }) => sum + (usage?.total_tokens ?? 0), 0)
  const ended = tasks.length - by('in_progress').length
  return (
    <>
      <PageHead title="Overview">
        <div
          role="group"
          aria-label="Window"
          className="flex rounded-lg border border-line bg-card p-0.5"
        >
          {windows.map(([value, label]) => (
            <button
              key={value}
              type="button"
              aria-pressed={value === minutes}
              className={`rounded-md px-2.5 py-1 ${value === minutes ? 'bg-accent-soft font-semibold text-accent' : 'text-soft'}`}
              onClick={() => setSearch({ minutes: String(value) }, { replace: true })}
            >
              {label}
            </button>
          ))}
        </div>
      </PageHead>
      {error && <ErrorNote>{messageOf(error)}</ErrorNote>}
      <dl className="grid grid-cols-2 gap-3 md:grid-cols-4">
        <Figure label="Running now">{limits ? count(limits.now.running) : '–'}</Figure>
        <Figure label="Queued now">{limits ? count(limits.now.queued) : '–'}</Figure>
        <Figure label="Parked now">{limits ? count(limits.now.parked) : '–'}</Figure>
        <Figure label="Oldest in the queue">
          {limits?.now.oldest_queued_seconds === undefined
            ? 'none'
            : duration(limits.now.oldest_queued_seconds * 1_000)}
        </Figure>
        <Figure label={`Tasks started${tasks.length >= most ? ' (latest)' : ''}`}>
          <Link href={`/tasks?created_after=${since}`} className="hover:underline">
            {count(tasks.length)}
          </Link>
        </Figure>
        <Figure label="Completed">
          <Link href={`/tasks?created_after=${since}&status=completed`} className="hover:underline">
            {count(by('completed').length)}
          </Link>
        </Figure>
        <Figure label="Failed" note={`${share(by('failed').length, ended)} of those that ended`}>
          <Link href={`/tasks?created_after=${since}&status=failed`} className="hover:underline">
            {count(by('failed').length)}
          </Link>
        </Figure>
        <Figure label="Tokens">{count(tokens)}</Figure>
      </dl>
      <section className="card mt-4 p-4" aria-label="Throughput">
        <h2 className="mb-2 font-semibold">Tasks started</h2>
        <Throughput tasks={tasks} minutes={minutes} />
      </section>
      <WaitingNow tasks={by('in_progress')} />
      {tasks.length >= most && (
        <p className="mt-3 text-soft">
          Only the latest {count(most)} tasks of the window are counted.
        </p>
      )}
    </>
  )
}

async function tasksSince(minutes: number, signal: AbortSignal): Promise<Task[]> {
  const created_after = new Date(Date.now() - minutes * 60_000).toISOString()
  const found: Task[] = []
  let after: string | undefined
  while (found.length < most) {
    const query = { created_after, limit: 200, ...(after && { starting_after: after }) }
    const { data, has_more: more, last_id: last } = await client.tasks.list(query, { signal })
    found.push(...data)
    after = last ?? data.at(-1)?.task_id
    if (!more || after === undefined) break
  }
  return found.slice(0, most)
}

function WaitingNow({ tasks }: { tasks: Task[] }) {
  const reasons = Map.groupBy(tasks, ({ waiting }) => waiting?.for ?? 'running')
  if (tasks.length === 0) return null
  return (
    <section className="card mt-4 p-4" aria-label="In progress">
      <h2 className="mb-2 font-semibold">In progress</h2>
      <ul className="grid gap-1">
        {[...reasons].map(([kind, members]) => (
          <li key={kind} className="flex gap-3">
            <span>{kind === 'running' ? 'Running' : labelOf(kind)}</span>
            <span className="ml-auto font-semibold tabular-nums">{members.length}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
