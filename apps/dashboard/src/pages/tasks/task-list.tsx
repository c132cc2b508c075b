import type { Task } from '@longhaul/client'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { messageOf } from '../../data/api.ts'
import { useMayAct } from '../../data/session.ts'
import { agentOf, pathOfTask, useTaskPages } from '../../data/tasks.ts'
import { useFilter } from '../../data/use-filter.ts'
import { useRowKeys } from '../../data/use-row-keys.ts'
import { EmptyState, ErrorNote } from '../../parts/empty-state.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { BulkBar } from './bulk-bar.tsx'
import { FilterBar } from './filter-bar.tsx'
import { TaskRow } from './task-row.tsx'

/** The tasks of a workspace, the newest first. */
export function TaskList() {
  const { filter, given, clear } = useFilter()
  const [isLive, setLive] = useState(true)
  const pages = useTaskPages(filter, { isLive })
  const tasks = pages.data?.pages.flatMap(({ data }) => data) ?? []
  const [, navigate] = useLocation()
  const mayAct = useMayAct()
  const { selected, toggle, reset } = useSelection()
  const open = (at: number) => {
    const task = tasks[at]
    if (task !== undefined) navigate(pathOfTask(agentOf(task), task.task_id))
  }
  const x = (at: number) => mayAct && tasks[at] && toggle(tasks[at])
  const [at] = useRowKeys({ size: tasks.length, onOpen: open, more: { x } })

  return (
    <>
      <PageHead title="Tasks">
        <button
          type="button"
          className="button"
          aria-pressed={isLive}
          onClick={() => setLive(!isLive)}
        >
          <span
            className={`size-2 rounded-full ${isLive ? 'bg-good' : 'bg-soft'}`}
            aria-hidden="true"
          />
          {isLive ? 'Live' : 'Paused'}
        </button>
      </PageHead>
      <FilterBar />
      {mayAct && selected.size > 0 && (
        <BulkBar tasks={[...selected.values()]} matching={filter} onClear={reset} />
      )}
      {pages.isError && <ErrorNote>{messageOf(pages.error)}</ErrorNote>}
      {pages.isSuccess && tasks.length === 0 && !pages.hasNextPage ? (
        <NoTasks isFiltered={given.length > 0} onClear={clear} />
      ) : (
        <ul className="card divide-y divide-line overflow-hidden" aria-label="Tasks">
          {tasks.map((task, index) => (
            <TaskRow
              key={task.task_id}
              task={task}
              isCurrent={index === at}
              isSelected={selected.has(task.task_id)}
              {...(mayAct && { onToggle: toggle })}
            />
          ))}
        </ul>
      )}
      {pages.hasNextPage && (
        <div className="mt-4 text-center">
          <button
            type="button"
            className="button"
            disabled={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Older tasks
          </button>
        </div>
      )}
    </>
  )
}

function useSelection() {
  const [selected, setSelected] = useState<ReadonlyMap<string, Task>>(new Map())
  const toggle = (task: Task) => {
    const next = new Map(selected)
    if (!next.delete(task.task_id)) next.set(task.task_id, task)
    setSelected(next)
  }
  return { selected, toggle, reset: () => setSelected(new Map()) }
}

function NoTasks({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered) {
    return (
      <EmptyState title="No task matches these filters">
        <button type="button" className="underline" onClick={onClear}>
          Show all tasks
        </button>
      </EmptyState>
    )
  }
  return (
    <EmptyState title="No tasks yet" line={firstTask(location.origin)}>
      Send the first message to an agent. It appears here at once.
    </EmptyState>
  )
}

function firstTask(url: string): string {
  return `curl ${url}/v2/agents/demo/responses \\
  -H "Authorization: Bearer $LONGHAUL_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{"background": true, "message": {"role": "user", "parts": [{"kind": "text", "text": "What is the date today?"}]}}'`
}
