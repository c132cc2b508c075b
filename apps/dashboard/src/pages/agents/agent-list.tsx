import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { firstWords } from '../../data/format.ts'
import { EmptyState, ErrorNote } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page-head.tsx'

/** All agents of the workspace. */
export function AgentList() {
  const { data, error, isSuccess } = useQuery({
    queryKey: ['agents'],
    queryFn: ({ signal }) => client.agents.list({ limit: 200 }, { signal }),
    refetchInterval: 15_000,
  })
  const agents = data?.data ?? []
  return (
    <>
      <PageHead title="Agents" />
      {error && <ErrorNote>{messageOf(error)}</ErrorNote>}
      {isSuccess && agents.length === 0 && (
        <EmptyState
          title="No agents yet"
          line={`curl ${location.origin}/v2/agents -H "Authorization: Bearer $LONGHAUL_API_KEY" -H 'Content-Type: application/json' -d '{"key": "demo", "path": "Default", "role": "Demonstrator", "description": "Shows a task.", "instructions": "Answer in one sentence.", "model": "demo/simulated", "settings": {}}'`}
        >
          An agent is a versioned manifest: instructions, models, tools and limits.
        </EmptyState>
      )}
      <ul className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
        {agents.map(
          ({ _id, key, display_name: name, version, description, model, updated, settings }) => (
            <li key={_id}>
              <Link
                href={`/agents/${encodeURIComponent(key)}`}
                className="card block h-full p-4 hover:border-accent"
              >
                <p className="flex items-baseline gap-2">
                  <span className="task-text font-semibold">{name}</span>
                  <span className="ml-auto text-xs text-soft tabular-nums">v{version}</span>
                </p>
                <p className="task-text font-mono text-xs text-soft">{key}</p>
                <p className="task-text mt-2 line-clamp-2">{firstWords(description)}</p>
                <p className="mt-2 text-xs text-soft">
                  <span className="task-text">{model.id}</span>, {settings.tools.length} tools,
                  changed <Moment at={updated} />
                </p>
              </Link>
            </li>
          ),
        )}
      </ul>
    </>
  )
}
