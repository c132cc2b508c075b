import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { client, messageOf } from '../data/api.ts'
import { useMayAct } from '../data/session.ts'
import { pathOfTask } from '../data/tasks.ts'
import { useRowKeys } from '../data/use-row-keys.ts'
import { EmptyState, ErrorNote } from '../parts/empty-state.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { ReviewForm } from './task/review-form.tsx'

/** All calls that wait for a person, the oldest first. */
export function Inbox() {
  const { data, error, isSuccess } = useQuery({
    queryKey: ['reviews'],
    queryFn: ({ signal }) => client.reviews.list({ limit: 100 }, { signal }),
    refetchInterval: 3_000,
  })
  const mayAct = useMayAct()
  const calls = (data?.data ?? []).toSorted((a, b) => a.requested_at.localeCompare(b.requested_at))
  const [command, setCommand] = useState<{ id: string; key: string; at: number }>()
  const commandOf = (key: string) => (at: number) => {
    const call = calls[at]
    if (call !== undefined) setCommand({ id: call._id, key, at: Date.now() })
  }
  const more = mayAct ? { a: commandOf('a'), r: commandOf('r'), e: commandOf('e') } : {}
  const [at] = useRowKeys({ size: calls.length, onOpen: () => {}, more })
  return (
    <>
      <PageHead title="Inbox">
        <span className="text-soft">
          <kbd>j</kbd> <kbd>k</kbd> move, <kbd>a</kbd> approve, <kbd>r</kbd> reject, <kbd>e</kbd>{' '}
          edit
        </span>
      </PageHead>
      {error && <ErrorNote>{messageOf(error)}</ErrorNote>}
      {isSuccess && calls.length === 0 && (
        <EmptyState
          title="Nothing waits for a person"
          line={`"settings": { "tool_approval_required": "all" }`}
        >
          Calls of tools that need approval appear here. An agent asks for it with this setting.
        </EmptyState>
      )}
      <ul className="grid gap-3">
        {calls.map((call, index) => (
          <li
            key={call._id}
            className={`card p-4 ${index === at ? 'outline-2 outline-accent' : ''}`}
          >
            <p className="mb-2 text-soft">
              <Link
                href={pathOfTask(call.agent_key, call.task_id)}
                className="font-medium text-text underline"
              >
                <span className="task-text">{call.agent_key}</span>
              </Link>{' '}
              wants to call
            </p>
            <ReviewForm
              call={{ ...call, agent: call.agent_key }}
              command={command?.id === call._id ? command : undefined}
            />
          </li>
        ))}
      </ul>
    </>
  )
}
