import type { Task, TasksQuery } from '@longhaul/client'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client, messageOf } from '../../data/api.ts'
import { agentOf } from '../../data/tasks.ts'
import { type BulkJob, useBulk } from '../../data/use-bulk.ts'
import { Dialog } from '../../parts/dialog.tsx'

type Item = { id: string; agent: string }
type Verb = 'cancel' | 'redrive' | 'delete'

const verbs: Record<
  Verb,
  { label: string; progress: string; act: (item: Item) => Promise<unknown> }
> = {
  cancel: {
    label: 'Cancel',
    progress: 'Cancelling',
    act: ({ id, agent }) => client.tasks.cancel({ id, agent }),
  },
  redrive: {
    label: 'Redrive',
    progress: 'Redriving',
    act: ({ id, agent }) => client.tasks.redrive({ id, agent }),
  },
  delete: {
    label: 'Delete',
    progress: 'Deleting',
    act: ({ id, agent }) => client.tasks.delete({ id, agent }),
  },
}

type Options = { tasks: Task[]; matching?: TasksQuery; onClear: () => void; only?: Verb[] }

/** Acts on the selected tasks, or on all that match the filters, one after the other. */
export function BulkBar({
  tasks,
  matching,
  onClear,
  only = ['cancel', 'redrive', 'delete'],
}: Options) {
  const queries = useQueryClient()
  const { job, start, abort, close } = useBulk<Item>()
  const [takesAll, setTakesAll] = useState(false)
  const [asked, setAsked] = useState<Verb>()
  const [problem, setProblem] = useState<string>()

  async function run(verb: Verb) {
    setAsked(undefined)
    try {
      const found = takesAll && matching ? await Array.fromAsync(client.tasks.all(matching)) : tasks
      const items = found.map((task) => ({ id: task.task_id, agent: agentOf(task) }))
      await start(verbs[verb].progress, items, verbs[verb].act)
    } catch (error) {
      setProblem(messageOf(error))
    }
    await queries.invalidateQueries({ queryKey: ['tasks'] })
  }

  return (
    <section
      aria-label="Selected tasks"
      className="card sticky top-2 z-10 mb-3 flex flex-wrap items-center gap-2 px-3 py-2 shadow-sm"
    >
      {job === undefined ? (
        <>
          <span className="font-medium">
            {takesAll ? 'All that match' : `${tasks.length} selected`}
          </span>
          {only.map((verb) => (
            <button
              key={verb}
              type="button"
              className={`button ${verb === 'delete' ? 'button-bad' : ''}`}
              onClick={() => (verb === 'redrive' ? void run(verb) : setAsked(verb))}
            >
              {verbs[verb].label}
            </button>
          ))}
          {matching && (
            <label className="flex items-center gap-1.5 text-soft">
              <input
                type="checkbox"
                className="accent-accent"
                checked={takesAll}
                onChange={() => setTakesAll(!takesAll)}
              />
              all that match the filters
            </label>
          )}
          <button type="button" className="button ml-auto" onClick={onClear}>
            Clear
          </button>
        </>
      ) : (
        <Progress job={job} onAbort={abort} onClose={() => (close(), onClear())} />
      )}
      {problem !== undefined && (
        <p role="alert" className="w-full text-bad">
          {problem}
        </p>
      )}
      {asked && (
        <Dialog
          title={`${verbs[asked].label} ${takesAll ? 'all tasks that match' : `${tasks.length} tasks`}?`}
          onClose={() => setAsked(undefined)}
        >
          <p className="mb-4 text-soft">
            {asked === 'delete'
              ? 'All data of these tasks is deleted. This cannot be undone.'
              : 'Turns that have ended stay as they are.'}
          </p>
          <button type="button" className="button button-main" onClick={() => void run(asked)}>
            {verbs[asked].label}
          </button>
        </Dialog>
      )}
    </section>
  )
}

type ProgressOptions = { job: BulkJob; onAbort: () => void; onClose: () => void }

function Progress({
  job: { label, total, done, failures, isOver },
  onAbort,
  onClose,
}: ProgressOptions) {
  return (
    <>
      <span role="status" className="tabular-nums">
        {isOver ? 'Done' : label}: {done} of {total}
        {failures.length > 0 && `, ${failures.length} refused`}
      </span>
      <progress
        value={done}
        max={Math.max(1, total)}
        aria-label={label}
        className="accent-accent"
      />
      {isOver ? (
        <button type="button" className="button ml-auto" onClick={onClose}>
          Close
        </button>
      ) : (
        <button type="button" className="button ml-auto" onClick={onAbort}>
          Abort
        </button>
      )}
      {failures.length > 0 && (
        <ul className="w-full text-xs text-bad">
          {failures.slice(0, 5).map(({ id, message }) => (
            <li key={id} className="task-text">
              {message}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
