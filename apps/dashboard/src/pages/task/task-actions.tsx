import type { LogEntry, Task } from '@longhaul/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { useMayAct } from '../../data/session.ts'
import { agentOf, pathOfTask } from '../../data/tasks.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { textOfParts } from './conversation.tsx'

type Options = { task: Task; agent: string; entries: LogEntry[] }

/** What the caller may do with a task. */
export function TaskActions({ task, agent, entries }: Options) {
  const mayAct = useMayAct()
  const queries = useQueryClient()
  const [isEditing, setEditing] = useState(false)
  const onSettled = () => queries.invalidateQueries()
  const cancel = useMutation({
    mutationFn: () => client.tasks.cancel({ id: task.task_id, agent }),
    onSettled,
  })
  const redrive = useMutation({
    mutationFn: () => client.tasks.redrive({ id: task.task_id, agent }),
    onSettled,
  })
  const error = cancel.error ?? redrive.error
  return (
    <>
      {error && <ErrorNote>{messageOf(error)}</ErrorNote>}
      <Link className="button" href={`/compare?a=${agent}/${task.task_id}`}>
        Compare
      </Link>
      {mayAct && (
        <>
          {agent !== '-' && (
            <button type="button" className="button" onClick={() => setEditing(true)}>
              Run again …
            </button>
          )}
          {task.status === 'in_progress' && (
            <button
              type="button"
              className="button button-bad"
              disabled={cancel.isPending}
              onClick={() => cancel.mutate()}
            >
              Cancel
            </button>
          )}
          {task.status === 'failed' && (
            <button
              type="button"
              className="button button-main"
              disabled={redrive.isPending}
              onClick={() => redrive.mutate()}
            >
              Redrive
            </button>
          )}
        </>
      )}
      {isEditing && <RunAgain task={task} entries={entries} onClose={() => setEditing(false)} />}
    </>
  )
}

/** Sends the message again, maybe with changes, as a new task. */
function RunAgain({
  task,
  entries,
  onClose,
}: {
  task: Task
  entries: LogEntry[]
  onClose: () => void
}) {
  const [, navigate] = useLocation()
  const [problem, setProblem] = useState<string>()
  const first = entries.find((entry) => entry.type === 'turn.started')
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = new FormData(event.currentTarget).get('text')
    try {
      const agent = agentOf(task)
      const { task_id: id } = await client.tasks.submit(agent, typeof text === 'string' ? text : '')
      onClose()
      navigate(pathOfTask(agent, id))
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  return (
    <Dialog title="Run again with edits" onClose={onClose}>
      <form className="grid gap-3" onSubmit={(event) => void submit(event)}>
        <label className="grid gap-1">
          <span className="text-soft">Message</span>
          <textarea
            name="text"
            className="field"
            rows={8}
            defaultValue={textOfParts(first?.message?.parts ?? [])}
          />
        </label>
        {problem !== undefined && <ErrorNote>{problem}</ErrorNote>}
        <button type="submit" className="button button-main justify-self-start">
          Start a new task
        </button>
      </form>
    </Dialog>
  )
}
