import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { useLiveText, useLog } from '../../data/live-log.ts'
import { pathOfTask } from '../../data/tasks.ts'
import { LiveChunks } from '../../parts/live-chunks.tsx'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { Conversation } from '../task/conversation.tsx'

/** Talks to an agent. Each message is a turn of a real task. */
export function Playground({ agent }: { agent: string }) {
  const [task, setTask] = useState<{ id: string; turn: string }>()
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const text = new FormData(form).get('text')
    if (typeof text !== 'string' || text.trim() === '') return
    setBusy(true)
    setProblem(undefined)
    try {
      const message = { role: 'user' as const, parts: [{ kind: 'text' as const, text }] }
      const turn = { message, ...(task && { task_id: task.id }) }
      const { task_id: id, _id } = await client.tasks.submit(agent, turn)
      setTask({ id, turn: _id })
      form.reset()
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className="card grid gap-3 p-4" aria-label="Playground">
      <div className="flex items-center gap-3">
        <h2 className="font-semibold">Playground</h2>
        {task && (
          <>
            <Link href={pathOfTask(agent, task.id)} className="ml-auto underline">
              Open the task
            </Link>
            <button type="button" className="button h-7 text-xs" onClick={() => setTask(undefined)}>
              New task
            </button>
          </>
        )}
      </div>
      {task && <Exchange key={task.id} agent={agent} id={task.id} turn={task.turn} />}
      <form className="grid gap-2" onSubmit={(event) => void submit(event)}>
        <textarea
          name="text"
          className="field"
          rows={3}
          aria-label="Message"
          placeholder="Write to the agent"
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.currentTarget.form?.requestSubmit()
            }
          }}
        />
        {problem !== undefined && <ErrorNote>{problem}</ErrorNote>}
        <button type="submit" className="button button-main justify-self-start" disabled={isBusy}>
          Send
        </button>
      </form>
    </section>
  )
}

function Exchange({ agent, id, turn }: { agent: string; id: string; turn: string }) {
  const { entries } = useLog({ agent, id }, turn)
  const { data } = useQuery({
    queryKey: ['task', id],
    queryFn: ({ signal }) => client.tasks.get(id, {}, { signal }),
    refetchInterval: 1_000,
  })
  const status = data?.status ?? 'in_progress'
  const parts = useLiveText({ agent, id }, status === 'in_progress')
  return (
    <div aria-live="polite">
      <p className="mb-2">
        <StatusBadge status={status} waiting={data?.waiting?.for} />
      </p>
      <Conversation entries={entries} />
      {parts.map((part, at) => (
        <p key={at} className="task-text mt-3 whitespace-pre-wrap">
          <LiveChunks {...part} />
        </p>
      ))}
    </div>
  )
}
