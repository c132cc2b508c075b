import type { Task } from '@longhaul/client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, messageOf } from '../../data/api.ts'
import { firstWords } from '../../data/format.ts'
import { useMayAct } from '../../data/session.ts'
import { EmptyState, ErrorNote } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { TaskRow } from './task-row.tsx'

/** The number of latest failures that are grouped. */
const most = 500

/** The failed tasks, grouped by the code of the failure and by its message without what differs each time. */
export function Failures() {
  const { data, error, isSuccess } = useQuery({
    queryKey: ['tasks', 'failures'],
    queryFn: ({ signal }) => latestFailures(signal),
    refetchInterval: 10_000,
  })
  const groups = groupsOf(data ?? [])
  return (
    <>
      <PageHead title="Failures" />
      {error && <ErrorNote>{messageOf(error)}</ErrorNote>}
      {isSuccess && groups.length === 0 && (
        <EmptyState title="Nothing has failed">
          Failed tasks appear here in groups, and continue from the step where they stopped.
        </EmptyState>
      )}
      <ul className="grid gap-3">
        {groups.map((group) => (
          <li key={group.name}>
            <FailureGroup group={group} />
          </li>
        ))}
      </ul>
      {data?.length === most && (
        <p className="mt-3 text-soft">These are the latest {most} failures.</p>
      )}
    </>
  )
}

async function latestFailures(signal: AbortSignal): Promise<Task[]> {
  const found: Task[] = []
  let after: string | undefined
  while (found.length < most) {
    const query = { status: 'failed' as const, limit: 200, ...(after && { starting_after: after }) }
    const { data, has_more: more, last_id: last } = await client.tasks.list(query, { signal })
    found.push(...data)
    after = last ?? data.at(-1)?.task_id
    if (!more || after === undefined) break
  }
  return found.slice(0, most)
}

type Group = { name: string; code: string; message: string; tasks: Task[] }

function groupsOf(tasks: Task[]): Group[] {
  const groups = Map.groupBy(tasks, ({ error = '' }) => plainMessage(error))
  return [...groups].map(([name, members]) => {
    const [, code = '', message = ''] = /^(\w+): ?(.*)$/s.exec(members[0]?.error ?? '') ?? []
    return { name, code: code || 'failed', message: message || name, tasks: members }
  })
}

/** A message without the numbers, ids and quoted texts that differ each time. */
function plainMessage(text: string): string {
  return firstWords(text, 300)
    .replaceAll(/"[^"]*"|'[^']*'|“[^”]*”/g, '"…"')
    .replaceAll(/\b(?=\w*\d)\w{4,}\b/g, '…')
    .replaceAll(/\d+/g, '#')
}

function FailureGroup({ group: { code, message, tasks } }: { group: Group }) {
  const [isOpen, setOpen] = useState(false)
  const [isActing, setActing] = useState(false)
  const mayAct = useMayAct()
  const newest = tasks[0]
  return (
    <section className="card overflow-hidden" aria-label={`${code}: ${tasks.length} tasks`}>
      <div className="flex flex-wrap items-center gap-3 px-4 py-3">
        <span className="text-2xl font-semibold tabular-nums">{tasks.length}</span>
        <div className="min-w-0 flex-1 basis-60">
          <p className="font-mono text-xs font-semibold text-bad">{code}</p>
          <p className="task-text">{firstWords(message, 240)}</p>
          {newest && (
            <p className="text-xs text-soft">
              latest <Moment at={newest.created_at} />
            </p>
          )}
        </div>
        <button
          type="button"
          className="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Hide tasks' : 'Show tasks'}
        </button>
        {mayAct && !isActing && (
          <button type="button" className="button button-main" onClick={() => setActing(true)}>
            Redrive …
          </button>
        )}
      </div>
      {isActing && (
        <div className="px-3">
          <BulkBar tasks={tasks} only={['redrive']} onClear={() => setActing(false)} />
        </div>
      )}
      {isOpen && (
        <ul className="divide-y divide-line border-t border-line">
          {tasks.slice(0, 50).map((task) => (
            <TaskRow key={task.task_id} task={task} />
          ))}
        </ul>
      )}
    </section>
  )
}
