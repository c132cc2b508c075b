import type { Limits } from '@longhaul/client'
import { useQuery } from '@tanstack/react-query'
import { client, messageOf } from '../../data/api.ts'
import { count, duration } from '../../data/format.ts'
import { useSession } from '../../data/session.ts'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { JsonView } from '../../parts/json-view.tsx'
import { PageHead } from '../../parts/page-head.tsx'

/** The limits of a workspace, and how much of each is in use. */
export function LimitsPage({ workspace }: { workspace?: string }) {
  const { type } = useSession()
  const { data, error } = useQuery({
    queryKey: ['limits', workspace ?? ''],
    queryFn: ({ signal }) =>
      type === 'operator' && workspace !== undefined
        ? client.admin.limits(workspace, { signal })
        : client.limits.get({ signal }),
    refetchInterval: 3_000,
  })
  return (
    <>
      <PageHead title={workspace === undefined ? 'Limits' : `Limits of ${workspace}`} />
      {error && <ErrorNote>{messageOf(error)}</ErrorNote>}
      {data && <Use limits={data} />}
    </>
  )
}

function Use({ limits }: { limits: Limits }) {
  const { now, overridden: _overridden, ...all } = limits
  const used = [
    ['running', 'Running turns', now.running],
    ['queued', 'Queued turns', now.queued],
    ['streams', 'Open streams', now.streams],
    ['tasks', 'Kept tasks', now.tasks],
    ['bytes', 'Bytes of tasks', now.bytes],
  ] as const
  const others = Object.entries(all).filter(([name]) => !used.some(([known]) => known === name))
  return (
    <>
      <ul className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
        {used.map(([name, label, value]) => (
          <li key={name} className="card p-4">
            <Meter label={label} value={value} limit={limitIn(all, name)} />
          </li>
        ))}
        <li className="card p-4">
          <p className="text-soft">Parked turns</p>
          <p className="text-xl font-semibold tabular-nums">{count(now.parked)}</p>
        </li>
        {now.oldest_queued_seconds !== undefined && (
          <li className="card p-4">
            <p className="text-soft">The oldest queued turn waits</p>
            <p className="text-xl font-semibold">{duration(now.oldest_queued_seconds * 1_000)}</p>
          </li>
        )}
      </ul>
      {others.length > 0 && (
        <div className="card mt-4 p-4">
          <JsonView value={Object.fromEntries(others)} label="Other limits" />
        </div>
      )}
    </>
  )
}

function limitIn(limits: object, name: string): number | undefined {
  const value: unknown = Object.entries(limits).find(([known]) => known === name)?.[1]
  return typeof value === 'number' ? value : undefined
}

function Meter({
  label,
  value,
  limit,
}: {
  label: string
  value: number
  limit: number | undefined
}) {
  const part = limit === undefined ? 0 : Math.min(1, value / limit)
  const colour = part > 0.9 ? 'bg-time-crash' : part > 0.7 ? 'bg-time-limit' : 'bg-time-model'
  return (
    <>
      <p className="flex items-baseline gap-2 text-soft">
        {label}
        <span className="ml-auto tabular-nums">
          <span className="text-xl font-semibold text-text">{count(value)}</span>
          {limit !== undefined && ` of ${count(limit)}`}
        </span>
      </p>
      {limit === undefined ? (
        <p className="mt-2 text-xs text-soft">no limit</p>
      ) : (
        <div
          className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken"
          role="meter"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={limit}
          aria-valuenow={value}
        >
          <div className={`h-full ${colour}`} style={{ width: `${part * 100}%` }} />
        </div>
      )}
    </>
  )
}
