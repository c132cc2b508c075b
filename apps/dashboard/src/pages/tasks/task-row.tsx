import type { Task } from '@longhaul/client'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import { count, duration, firstWords } from '../../data/format.ts'
import { agentOf, pathOfTask, useTaskTime } from '../../data/tasks.ts'
import { labelOf } from '../../data/time-kinds.ts'
import { Moment } from '../../parts/moment.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { TimeBar } from '../../parts/time-bar.tsx'

type Options = {
  task: Task
  isCurrent?: boolean
  isSelected?: boolean
  onToggle?: (task: Task) => void
}

export function TaskRow({ task, isCurrent = false, isSelected = false, onToggle }: Options) {
  const element = useRef<HTMLLIElement>(null)
  const agent = agentOf(task)
  const path = pathOfTask(agent, task.task_id)
  useEffect(() => {
    if (!isCurrent) return
    element.current?.querySelector('a')?.focus()
    element.current?.scrollIntoView({ block: 'nearest' })
  }, [isCurrent])
  return (
    <li
      ref={element}
      className={`row flex items-center gap-3 px-3 py-2 hover:bg-sunken ${isCurrent ? 'bg-accent-soft' : ''}`}
    >
      {onToggle && (
        <input
          type="checkbox"
          className="size-4 shrink-0 accent-accent"
          aria-label={`Select task ${task.task_id}`}
          checked={isSelected}
          onChange={() => onToggle(task)}
        />
      )}
      <Link
        href={path}
        className="grid min-w-0 flex-1 items-center gap-x-4 gap-y-1 md:grid-cols-[7rem_minmax(0,1.2fr)_minmax(0,2fr)_12rem_6rem]"
      >
        <span>
          <StatusBadge status={task.status} waiting={task.waiting?.for} />
        </span>
        <span className="min-w-0">
          <span className="task-text block truncate font-medium">
            {task.agent_key ?? task.model}
          </span>
          <span className="block truncate font-mono text-xs text-soft">{task.task_id}</span>
        </span>
        <span className="task-text line-clamp-2 min-w-0 text-soft">{summaryOf(task)}</span>
        <RowTime task={task} agent={agent} />
        <span className="text-soft md:text-right">
          <Moment at={task.created_at} />
          {task.usage && (
            <span className="block text-xs max-md:ml-3 max-md:inline">
              {count(task.usage.total_tokens)} tokens
            </span>
          )}
        </span>
      </Link>
    </li>
  )
}

/** The small bar of a row. It is read when the row is seen. */
function RowTime({ task, agent }: { task: Task; agent: string }) {
  const element = useRef<HTMLSpanElement>(null)
  const isSeen = useSeen(element)
  const live = task.status === 'in_progress'
  const version = `${task._id} ${task.status}`
  const { data } = useTaskTime({ agent, id: task.task_id, version }, { live, enabled: isSeen })
  return (
    <span ref={element} className="block min-h-6">
      {data && (
        <>
          <TimeBar totals={data.totals} ms={data.ms} isSmall />
          <span className="mt-0.5 block text-xs text-soft tabular-nums">{duration(data.ms)}</span>
        </>
      )}
    </span>
  )
}

function useSeen(element: React.RefObject<HTMLElement | null>): boolean {
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    if (element.current === null || isSeen) return
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true)
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element, isSeen])
  return isSeen
}

/** The error, what the task waits for, or the first words of its answer. */
export function summaryOf(task: Task): string {
  if (task.error !== undefined) return firstWords(task.error)
  if (task.waiting !== undefined) return labelOf(task.waiting.for)
  const text = task.output
    .flatMap(({ parts }) => parts)
    .map((part) => ('text' in part && typeof part.text === 'string' ? part.text : ''))
    .join(' ')
  return firstWords(text)
}
