import type { TaskEntry } from '@longhaul/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { firstWords } from '../../data/format.ts'
import { EmptyState, ErrorNote } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page-head.tsx'

/** The failed tasks of all workspaces, by code, with a paced redrive. */
export function OperatorTasks() {
  const queries = useQueryClient()
  const { data, error, isSuccess } = useQuery({
    queryKey: ['admin', 'failed'],
    queryFn: ({ signal }) => client.admin.tasks({ status: 'failed', limit: 200 }, { signal }),
    refetchInterval: 10_000,
  })
  const redrive = useMutation({
    mutationFn: (ids: string[]) => client.admin.redrive({ ids, per_second: 10 }),
    onSettled: () => queries.invalidateQueries(),
  })
  const groups = Map.groupBy(data?.data ?? [], ({ error: failure }) => failure?.code ?? 'failed')
  const problem = error ?? redrive.error
  return (
    <>
      <PageHead title="Failures" />
      {problem && <ErrorNote>{messageOf(problem)}</ErrorNote>}
      {isSuccess && groups.size === 0 && <EmptyState title="Nothing has failed" />}
      {[...groups].map(([code, entries]) => (
        <section key={code} className="card mb-3 p-4" aria-label={code}>
          <div className="flex items-center gap-3">
            <h2 className="font-mono font-semibold text-bad">{code}</h2>
            <span className="text-soft tabular-nums">{entries.length}</span>
            <button
              type="button"
              className="button ml-auto"
              disabled={redrive.isPending}
              onClick={() => redrive.mutate(entries.map(({ task_id: id }) => id))}
            >
              Redrive, 10 a second
            </button>
          </div>
          <ul className="mt-2 divide-y divide-line">
            {entries.slice(0, 20).map((entry) => (
              <Entry key={entry.task_id} entry={entry} />
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

function Entry({ entry }: { entry: TaskEntry }) {
  const { task_id: id, workspace, error, submitted_at: at } = entry
  return (
    <li className="flex flex-wrap gap-x-3 py-1.5">
      <span className="font-mono text-xs">{id}</span>
      <Link href={`/limits/${workspace}`} className="underline">
        {workspace}
      </Link>
      <span className="task-text min-w-0 flex-1 basis-60 text-soft">
        {firstWords(error?.message ?? '')}
      </span>
      <Moment at={at} />
    </li>
  )
}
