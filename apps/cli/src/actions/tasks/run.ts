import type { Client, NewTurn, Task } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { startSpinner } from '../../output/spinner.ts'
import type { Given } from '../../spec.ts'
import { answerOf, failureOfTask } from './print-task.ts'
import { durationOf, metadataOf, readMessage } from '../shared/read-options.ts'
import { showEvents } from './show-events.ts'

/** Submits a turn and shows it to its end. */
export async function run(given: Given, context: Context): Promise<void> {
  const { out, interrupted } = context
  const [agent = ''] = given.args
  const key = given.text('idempotencyKey')
  const turn = await turnOf(given)
  const { tasks } = await context.client()
  const options = { signal: interrupted, ...(key !== undefined && { idempotencyKey: key }) }
  const accepted = await tasks.submit(agent, turn, options)
  const id = accepted.task_id
  if (given.flag('background')) {
    if (out.json) out.document(accepted)
    else out.line(id)
    return
  }
  out.noteStyled(out.styleNote('dim', `task ${id}`))

  // The first Ctrl-C cancels the task, whose end is then shown. The second one ends this process.
  interrupted.addEventListener('abort', () => void cancel(id, context, tasks), { once: true })
  const task = given.flag('wait')
    ? await waited({ id, tasks }, given)
    : await shown({ id, agent, tasks }, given, context)
  if (out.json && given.flag('wait')) out.document(task)
  else if (out.json) out.entry({ type: 'task', task })
  else if (!out.live || given.flag('wait')) out.print(answerOf(task))
  if (interrupted.aborted) throw interrupted.reason as Error
  if (task.status === 'failed') throw failureOfTask(task)
}

type Tasks = Client['tasks']

async function turnOf(given: Given): Promise<NewTurn> {
  const message = await readMessage(given.args[1])
  const metadata = metadataOf(given)
  const [task, thread, start] = ['task', 'thread', 'startAt'].map((name) => given.text(name))
  return {
    message: { role: 'user', parts: [{ kind: 'text', text: message }] },
    ...(task !== undefined && { task_id: task }),
    ...(thread !== undefined && { thread: { id: thread } }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(start !== undefined && { longhaul: { start_at: start } }),
  }
}

async function waited({ id, tasks }: { id: string; tasks: Tasks }, given: Given): Promise<Task> {
  const spinner = startSpinner(`task ${id}`)
  const timeoutMs = durationOf(given, 'timeout')
  try {
    return await tasks.wait(id, { ...(timeoutMs !== undefined && { timeoutMs }) })
  } finally {
    spinner.stop()
  }
}

async function shown(
  { id, agent, tasks }: { id: string; agent: string; tasks: Tasks },
  given: Given,
  context: Context,
): Promise<Task> {
  const timeoutMs = durationOf(given, 'timeout')
  const late = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)
  const ref = { id, agent: agent.replace(/@.*/, '') }
  try {
    const events = (listeners: object) => tasks.events(ref, { ...listeners, signal: late })
    await showEvents(context, { id, answerLater: true, events })
  } catch (error) {
    if (late?.aborted !== true) throw error
    const message = `task ${id} has not ended yet. It continues.`
    throw new Failure(message, { exitCode: exitCodes.timeout, hint: `longhaul tasks watch ${id}` })
  }
  return await tasks.get(id)
}

async function cancel(id: string, { out }: Context, tasks: Tasks): Promise<void> {
  out.note(`longhaul: cancelling task ${id}; Ctrl-C again leaves it`)
  try {
    await tasks.cancel(id)
  } catch (error) {
    out.note(`longhaul: task ${id} could not be cancelled: ${String(error)}`)
    process.exit(exitCodes.interrupted)
  }
}
