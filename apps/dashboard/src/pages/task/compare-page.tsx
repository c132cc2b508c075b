import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Link, useSearchParams } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { count, duration } from '../../data/format.ts'
import { agentOf, pathOfTask, type TaskTime, useTaskTime } from '../../data/tasks.ts'
import { labelOf } from '../../data/time-kinds.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { LongText } from '../../parts/json-view.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { TimeBar } from '../../parts/time-bar.tsx'
import { textOfParts } from './conversation.tsx'

/** Two tasks side by side: `?a=<agent>/<task>&b=<agent>/<task>`. */
export function ComparePage() {
  const [search, setSearch] = useSearchParams()
  const [a, b] = [useCompared(search.get('a')), useCompared(search.get('b'))]
  const most = Math.max(a.time?.ms ?? 0, b.time?.ms ?? 0)
  const choose = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const other = new FormData(event.currentTarget).get('b')
    if (typeof other !== 'string') return
    setSearch({ a: search.get('a') ?? '', b: `-/${other.trim()}` })
  }
  return (
    <>
      <PageHead title="Compare" />
      <form className="mb-4 flex gap-2" onSubmit={choose}>
        <input
          name="b"
          className="field w-80 max-w-full"
          aria-label="Id of the other task"
          placeholder="Id of the other task"
        />
        <button type="submit" className="button">
          Compare
        </button>
      </form>
      <div className="grid items-start gap-4 md:grid-cols-2">
        <Side side={a} most={most} />
        <Side side={b} most={most} />
      </div>
      {a.time && b.time && <Differences a={a.time} b={b.time} />}
    </>
  )
}

type Compared = ReturnType<typeof useCompared>

function useCompared(name: string | null) {
  const id = name?.split('/').at(-1) ?? ''
  const { data: task, error } = useQuery({
    queryKey: ['task', id],
    queryFn: ({ signal }) => client.tasks.get(id, {}, { signal }),
    enabled: id !== '',
  })
  const { data: time } = useTaskTime(
    { agent: task === undefined ? '-' : agentOf(task), id, version: task?.status ?? '' },
    { live: task?.status === 'in_progress', enabled: task !== undefined },
  )
  return { id, task, time, error }
}

function Side({ side: { id, task, time, error }, most }: { side: Compared; most: number }) {
  if (id === '') {
    return <EmptyState title="Which task?">Enter the id of the task to compare with.</EmptyState>
  }
  if (error !== null) return <EmptyState title="Not found">{messageOf(error)}</EmptyState>
  if (task === undefined) return <p className="text-soft">Loading …</p>
  return (
    <section className="card grid gap-3 p-4" aria-label={`Task ${id}`}>
      <p className="flex flex-wrap items-center gap-3">
        <StatusBadge status={task.status} />
        <Link href={pathOfTask(agentOf(task), id)} className="font-mono text-xs underline">
          {id}
        </Link>
        <span className="ml-auto font-semibold tabular-nums">{time && duration(time.ms)}</span>
      </p>
      {time && (
        <div style={{ width: `${(time.ms / Math.max(1, most)) * 100}%` }}>
          <TimeBar totals={time.totals} ms={time.ms} />
        </div>
      )}
      <p className="text-soft tabular-nums">
        {task.model}, {count(task.usage?.total_tokens ?? 0)} tokens
      </p>
      <LongText text={task.output.map(({ parts }) => textOfParts(parts)).join('\n')} />
    </section>
  )
}

function Differences({ a, b }: { a: TaskTime; b: TaskTime }) {
  const kinds = new Set([...a.totals, ...b.totals].map(({ for: kind }) => kind))
  return (
    <section className="card mt-4 overflow-x-auto p-4" aria-label="Differences">
      <table className="w-full text-left">
        <thead className="text-xs text-soft">
          <tr>
            <th className="py-1 font-medium">Time for</th>
            <th className="text-right font-medium">Left</th>
            <th className="text-right font-medium">Right</th>
            <th className="text-right font-medium">Difference</th>
          </tr>
        </thead>
        <tbody>
          {[...kinds].map((kind) => {
            const difference = msOf(b, kind) - msOf(a, kind)
            return (
              <tr key={kind} className="border-t border-line tabular-nums">
                <td className="py-1">{labelOf(kind)}</td>
                <td className="text-right">{duration(msOf(a, kind))}</td>
                <td className="text-right">{duration(msOf(b, kind))}</td>
                <td className="text-right">
                  {difference < 0 ? '−' : '+'}
                  {duration(Math.abs(difference))}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function msOf({ totals }: TaskTime, kind: string): number {
  return totals.find((total) => total.for === kind)?.ms ?? 0
}
