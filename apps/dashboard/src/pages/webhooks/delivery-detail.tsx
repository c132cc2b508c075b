import type { WebhookDelivery } from '@longhaul/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { duration } from '../../data/format.ts'
import { useMayAct } from '../../data/session.ts'
import { pathOfTask } from '../../data/tasks.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { JsonView, LongText } from '../../parts/json-view.tsx'
import { Moment } from '../../parts/moment.tsx'

/** One delivery: each attempt with its answer, and the event. */
export function DeliveryDetail({ endpoint, id }: { endpoint: string; id: string }) {
  const mayAct = useMayAct()
  const queries = useQueryClient()
  const { data, error } = useQuery({
    queryKey: ['delivery', endpoint, id],
    queryFn: ({ signal }) => client.webhooks.delivery(endpoint, id, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? 2_000 : false),
  })
  const redeliver = useMutation({
    mutationFn: () => client.webhooks.redeliver(endpoint, id),
    onSuccess: (delivery) => queries.setQueryData(['delivery', endpoint, id], delivery),
    onSettled: () => queries.invalidateQueries({ queryKey: ['deliveries'] }),
  })
  if (data === undefined) {
    return (
      <div className="border-t border-line p-4">
        {error ? <ErrorNote>{messageOf(error)}</ErrorNote> : <p className="text-soft">Loading …</p>}
      </div>
    )
  }
  const event = parsed(data.request.body)
  const task = taskOf(event)
  return (
    <div className="grid gap-4 border-t border-line bg-page p-4">
      <div className="flex flex-wrap items-center gap-3">
        <span className="min-w-0 font-mono text-xs break-all text-soft">{id}</span>
        <CopyButton text={id} />
        {task && (
          <Link href={pathOfTask(task.agent, task.id)} className="underline">
            Open the task
          </Link>
        )}
        {mayAct && (
          <button
            type="button"
            className="button ml-auto"
            disabled={redeliver.isPending}
            onClick={() => redeliver.mutate()}
          >
            Redeliver
          </button>
        )}
      </div>
      {redeliver.error && <ErrorNote>{messageOf(redeliver.error)}</ErrorNote>}
      <Attempts attempts={data.attempts} />
      <JsonView value={event} label="Event" />
    </div>
  )
}

function Attempts({ attempts }: Pick<WebhookDelivery, 'attempts'>) {
  if (attempts.length === 0) return <p className="text-soft">No attempt was made yet.</p>
  return (
    <ol className="grid gap-2" aria-label="Attempts">
      {attempts.map(({ at, ms, status, error, answer }, index) => (
        <li key={`${at} ${index}`} className="card grid gap-2 p-3">
          <p className="flex flex-wrap items-baseline gap-x-4">
            <span className="text-soft">{index + 1}</span>
            <span
              className={`task-text font-semibold ${status !== undefined && status < 300 ? 'text-good' : 'text-bad'}`}
            >
              {status ?? 'No answer'}
              {error !== undefined && <span className="font-normal"> {error.slice(0, 500)}</span>}
            </span>
            <span className="text-soft tabular-nums">{duration(ms)}</span>
            <span className="ml-auto text-soft">
              <Moment at={at} />
            </span>
          </p>
          {answer !== undefined && answer !== '' && (
            <p
              className="max-h-60 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs"
              tabIndex={0}
            >
              <LongText text={answer} most={400} />
            </p>
          )}
        </li>
      ))}
    </ol>
  )
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

/** The task that an event tells of, if it tells of one. */
function taskOf(event: unknown): { agent: string; id: string } | undefined {
  const { data } = (event ?? {}) as { data?: { task_id?: unknown; agent?: unknown } }
  if (typeof data?.task_id !== 'string') return undefined
  return { id: data.task_id, agent: typeof data.agent === 'string' ? data.agent : '-' }
}
