import type { LogEntry, Task } from '@longhaul/client'
import { useQuery } from '@tanstack/react-query'
import { Tabs } from 'radix-ui'
import { useState } from 'react'
import { Link } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { duration } from '../../data/format.ts'
import { entriesOfLane, type Lane } from '../../data/lanes.ts'
import { useLiveText, useLog } from '../../data/live-log.ts'
import { agentOf, pathOfTask, type TaskTime, useTaskTime } from '../../data/tasks.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { LiveChunks } from '../../parts/live-chunks.tsx'
import { EmptyState, ErrorNote } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { TimeBar, TimeLegend } from '../../parts/time-bar.tsx'
import { Conversation } from './conversation.tsx'
import { LogList } from './log-list.tsx'
import { ReviewForm, type WaitingCall } from './review-form.tsx'
import { TaskDeliveries } from './task-deliveries.tsx'
import { TaskActions } from './task-actions.tsx'
import { TaskDetails } from './task-details.tsx'
import { WaitingBanner } from './waiting-banner.tsx'
import { Waterfall } from './waterfall.tsx'

/** One task: where its time went, what happened when, and what it waits for. */
export function TaskPage({ agent: named, id }: { agent: string; id: string }) {
  const { data: task, error } = useQuery({
    queryKey: ['task', id],
    queryFn: ({ signal }) => client.tasks.get(id, {}, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'in_progress' ? 2_000 : 10_000),
  })
  // A link may not know the agent, and names it `-`.
  const agent = task === undefined ? named : agentOf(task)
  const ref = { agent, id }
  const live = task?.status === 'in_progress'
  const version = `${task?._id ?? ''} ${task?.status ?? ''}`
  const { entries, problem } = useLog(ref, task?._id ?? '')
  const { data: time } = useTaskTime(
    { ...ref, version },
    { live, enabled: task !== undefined, parts: true },
  )
  if (error !== null && task === undefined) {
    return <EmptyState title="This task cannot be shown">{messageOf(error)}</EmptyState>
  }
  if (task === undefined) return <p className="text-soft">Loading …</p>
  return (
    <>
      <PageHead title={agent === '-' ? task.model : agent}>
        <TaskActions task={task} agent={agent} entries={entries} />
      </PageHead>
      <Facts task={task} entries={entries} />
      {problem !== undefined && <ErrorNote>{problem}</ErrorNote>}
      {task.error !== undefined && (
        <p className="task-text mb-3 rounded-lg bg-bad-soft px-4 py-3 text-bad" role="status">
          {task.error.slice(0, 2_000)}
        </p>
      )}
      {task.waiting && <WaitingBanner waiting={task.waiting} agent={agent} />}
      <Reviews agent={agent} id={id} entries={entries} isLive={live} />
      <WhereTheTimeWent time={time} />
      <LiveOutput agent={agent} id={id} isLive={live} />
      <Views task={task} entries={entries} time={time} />
    </>
  )
}

function Facts({ task, entries }: { task: Task; entries: LogEntry[] }) {
  const parent = entries.find((entry) => entry.type === 'turn.started')?.parent
  return (
    <p className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-1 text-soft">
      <StatusBadge status={task.status} waiting={task.waiting?.for} />
      <span className="flex items-center gap-2 font-mono text-xs">
        {task.task_id} <CopyButton text={task.task_id} />
      </span>
      <span>
        started <Moment at={task.created_at} />
      </span>
      <span className="task-text">{task.model}</span>
      {task.usage && (
        <span className="tabular-nums">
          {task.usage.prompt_tokens.toLocaleString('en')} in,{' '}
          {task.usage.completion_tokens.toLocaleString('en')} out
        </span>
      )}
      {parent && (
        <Link href={pathOfTask('-', parent.task_id)} className="underline">
          called by another task
        </Link>
      )}
    </p>
  )
}

function WhereTheTimeWent({ time }: { time: TaskTime | undefined }) {
  return (
    <section className="card mb-4 p-4" aria-labelledby="where">
      <div className="mb-3 flex items-baseline gap-3">
        <h2 id="where" className="font-semibold">
          Where did the time go?
        </h2>
        {time && (
          <span className="ml-auto text-lg font-semibold tabular-nums">{duration(time.ms)}</span>
        )}
      </div>
      {time ? (
        <>
          <TimeBar totals={time.totals} ms={time.ms} />
          <TimeLegend totals={time.totals} ms={time.ms} />
        </>
      ) : (
        <div className="h-7 rounded-md bg-sunken" />
      )}
    </section>
  )
}

/** The calls of the log that nobody has decided yet. */
function Reviews({
  agent,
  id,
  entries,
  isLive,
}: {
  agent: string
  id: string
  entries: LogEntry[]
  isLive: boolean
}) {
  if (!isLive) return null
  const decided = new Set(
    entries.flatMap((entry) => (entry.type === 'review.decided' ? [entry.tool_call_id] : [])),
  )
  const last = entries.findLastIndex(({ type }) => type === 'turn.started')
  const calls = entries.slice(Math.max(0, last)).flatMap((entry): WaitingCall[] => {
    if (entry.type !== 'review.requested' || decided.has(entry.tool_call_id)) return []
    const { tool_call_id, tool_name, arguments: given, because, until } = entry
    const call = {
      agent,
      task_id: id,
      tool_call_id,
      tool_name,
      arguments: given,
      expires_at: until,
    }
    return [{ ...call, ...(because && { because }) }]
  })
  return calls.map((call) => (
    <section key={call.tool_call_id} className="card mb-4 border-warn p-4">
      <h2 className="mb-2 font-semibold">This call waits for a person</h2>
      <ReviewForm call={call} />
    </section>
  ))
}

function LiveOutput({ agent, id, isLive }: { agent: string; id: string; isLive: boolean }) {
  const parts = useLiveText({ agent, id }, isLive)
  if (parts.length === 0) return null
  return (
    <section className="card mb-4 p-4" aria-label="The model writes">
      {parts.map(({ kind, ...text }, at) => (
        <p
          key={at}
          className={`task-text whitespace-pre-wrap ${kind === 'reasoning' ? 'text-soft italic' : ''}`}
        >
          <LiveChunks {...text} />
        </p>
      ))}
    </section>
  )
}

const tabs = ['Waterfall', 'Conversation', 'Log', 'Details', 'Webhooks'] as const

function Views({
  task,
  entries,
  time,
}: {
  task: Task
  entries: LogEntry[]
  time: TaskTime | undefined
}) {
  const [lane, setLane] = useState<Lane>()
  return (
    <Tabs.Root defaultValue="Waterfall">
      <Tabs.List
        className="mb-3 flex gap-1 overflow-x-auto border-b border-line"
        aria-label="Views"
      >
        {tabs.map((name) => (
          <Tabs.Trigger
            key={name}
            value={name}
            className="-mb-px border-b-2 border-transparent px-3 py-2 text-soft data-[state=active]:border-accent data-[state=active]:font-semibold data-[state=active]:text-text"
          >
            {name}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value="Waterfall" tabIndex={-1}>
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <div className="card overflow-hidden">
            <Waterfall log={entries} time={time} selected={lane?.id} onSelect={setLane} />
          </div>
          <aside className="card min-w-0 p-4" aria-label="Facts">
            {lane ? (
              <LogList entries={entriesOfLane(lane, entries)} isOpen />
            ) : (
              <p className="text-soft">Select a step to read its facts.</p>
            )}
          </aside>
        </div>
      </Tabs.Content>
      <Tabs.Content value="Conversation" tabIndex={-1}>
        <Conversation entries={entries} />
      </Tabs.Content>
      <Tabs.Content value="Log" tabIndex={-1}>
        <div className="card p-2">
          <LogList entries={entries} />
        </div>
      </Tabs.Content>
      <Tabs.Content value="Details" tabIndex={-1}>
        <TaskDetails task={task} entries={entries} />
      </Tabs.Content>
      <Tabs.Content value="Webhooks" tabIndex={-1}>
        <TaskDeliveries agent={agentOf(task)} id={task.task_id} />
      </Tabs.Content>
    </Tabs.Root>
  )
}
