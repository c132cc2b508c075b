import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { client } from '../../data/api.ts'
import { labelOf } from '../../data/time-kinds.ts'

/** So many tasks in progress are read for their reasons, the newest ones. */
const most = 200

/** Why the tasks in progress wait. */
export function InProgress() {
  const { data } = useQuery({
    queryKey: ['in-progress'],
    queryFn: ({ signal }) => client.tasks.list({ status: 'in_progress', limit: most }, { signal }),
    refetchInterval: 5_000,
    placeholderData: (previous) => previous,
  })
  const tasks = data?.data ?? []
  if (tasks.length === 0) return null
  const reasons = Map.groupBy(tasks, ({ waiting }) => waiting?.for ?? 'running')
  return (
    <section className="card mt-4 p-4" aria-label="In progress">
      <h2 className="mb-2 font-semibold">
        In progress, by reason{data?.has_more === true && ` (the newest ${most})`}
      </h2>
      <ul className="grid gap-1">
        {[...reasons].map(([kind, members]) => (
          <li key={kind} className="flex gap-3">
            <span>{kind === 'running' ? 'Running' : labelOf(kind)}</span>
            <Link
              href={kind === 'running' ? '/tasks?state=running' : '/tasks?status=in_progress'}
              className="ml-auto font-semibold tabular-nums hover:underline"
            >
              {members.length}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
