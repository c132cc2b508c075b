import type { LogEntry, Task, TasksQuery } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { formatDuration } from '../../output/durations.ts'
import { drawTable } from '../../output/draw-table.ts'
import { startSpinner } from '../../output/spinner.ts'
import type { Given } from '../../spec.ts'
import { durationOf, metadataOf, timeAgoOf } from '../shared/read-options.ts'
import { failureOfTask, printTask, stateOf } from './print-task.ts'
import { showEvents } from './show-events.ts'
import { printList } from '../shared/print-list.ts'
import { take } from '../shared/take.ts'

export async function listTasks(
  given: Given,
  { client, out, interrupted }: Context,
): Promise<void> {
  const metadata = Object.entries(metadataOf(given)).map(([name, value]) => [
    `metadata.${name}`,
    value,
  ])
  const limit = given.number('limit') ?? 50
  const query = {
    limit: Math.min(limit, 200),
    status: given.text('status') as Task['status'] | undefined,
    agent: given.text('agent'),
    state: given.text('state') as TasksQuery['state'],
    model: given.text('model'),
    error_code: given.text('error') as TasksQuery['error_code'],
    search: given.text('search'),
    identity_id: given.text('identity'),
    thread_id: given.text('thread'),
    created_after: timeAgoOf(given, 'since'),
    ...(Object.fromEntries(metadata) as object),
  }
  const { tasks } = await client()
  const all = tasks.all(query as Parameters<typeof tasks.all>[0], { signal: interrupted })
  const found = await take(all, limit)
  const list = {
    header: ['TASK', 'STATUS', 'AGENT', 'AGE', 'RESULT'],
    row: (task: Task) => [
      task.task_id,
      stateOf(task),
      task.agent_key ?? task.model,
      formatDuration(Date.now() - Date.parse(task.created_at)),
      task.error ?? textOf(task),
    ],
    id: (task: Task) => task.task_id,
    empty: 'No task. `longhaul run <agent> "Hello"` starts one.',
  }
  printList(found, list, { given, out })
}

export async function getTask(given: Given, context: Context): Promise<void> {
  const [id = ''] = given.args
  const { tasks } = await context.client()
  const { interrupted: signal, out } = context
  if (given.flag('wait')) {
    const spinner = startSpinner(`waiting for task ${id}`)
    const timeoutMs = durationOf(given, 'timeout')
    try {
      await tasks.wait(id, { signal, ...(timeoutMs !== undefined && { timeoutMs }) })
    } finally {
      spinner.stop()
    }
  }
  const task = await tasks.get(id, given.flag('messages') ? { include: 'messages' } : {}, {
    signal,
  })
  if (out.json) out.document(task)
  else printTask(task, out)
  // Without --wait the command has done what it should, whatever became of the task.
  if (given.flag('wait') && task.status === 'failed') throw failureOfTask(task)
}

export async function watchTask(given: Given, context: Context): Promise<void> {
  const [id = ''] = given.args
  const after = given.number('after')
  const { client, interrupted: signal } = context
  const { tasks } = await client()
  const end = await showEvents(context, {
    id,
    events: (listeners) =>
      tasks.events(id, {
        ...listeners,
        signal,
        ...(after !== undefined && { after }),
        ...(given.flag('follow') && { follow: 'turns' as const }),
      }),
  })
  if (end === 'failed') throw failureOfTask(await tasks.get(id, {}, { signal }))
}

export async function logOfTask(
  given: Given,
  { client, out, interrupted }: Context,
): Promise<void> {
  const [id = ''] = given.args
  const { tasks } = await client()
  const call = { signal: interrupted }
  if (!given.flag('follow')) {
    const entries: LogEntry[] = []
    for await (const entry of tasks.logEntries(id, call)) {
      if (out.json) entries.push(entry)
      else out.line(lineOf(entry, out.width))
    }
    if (out.json) out.document(entries)
    return
  }
  let after = 0
  for (;;) {
    const { data, has_more: more } = await tasks.log(id, { after, limit: 200, wait: 30 }, call)
    for (const entry of data) {
      if (out.json) out.entry(entry)
      else out.line(lineOf(entry, out.width))
      after = entry.id
    }
    if (data.length > 0 || more) continue
    if ((await tasks.get(id, {}, call)).status !== 'in_progress') return
  }
}

/** The time, the type and the fields of an entry, in one line. */
function lineOf(entry: LogEntry, width: number): string {
  const { type, id, at, number: _, ...fields } = entry as LogEntry & Record<string, unknown>
  const time = typeof at === 'string' ? at.slice(11, 23) : ''
  const rest = JSON.stringify(fields)
  const [, line = ''] = drawTable(
    ['', '', '', ''],
    [[String(id).padStart(4), time, type.padEnd(16), rest]],
    width,
  )
  return line
}

function textOf({ output }: Task): string {
  const texts = output.flatMap(({ parts }) =>
    parts.flatMap((part) => ('text' in part && typeof part.text === 'string' ? [part.text] : [])),
  )
  return texts[0]?.slice(0, 200) ?? ''
}
