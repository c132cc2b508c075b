import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError, type Client } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { drawTable } from '../../output/draw-table.ts'
import { formatDuration } from '../../output/durations.ts'
import type { Given } from '../../spec.ts'
import { stateOf } from '../tasks/print-task.ts'
import { durationOf } from '../shared/read-options.ts'
import { take } from '../shared/take.ts'

/** Shows the state again and again until Ctrl-C. */
export async function top(given: Given, context: Context): Promise<void> {
  const { out, interrupted: signal } = context
  const client = await context.client()
  const { operatorKey } = await context.connection()
  const every = durationOf(given, 'every')
  const repeats = !given.flag('once') && (out.live || every !== undefined)
  for (;;) {
    const state = await read(client, { whole: operatorKey !== undefined, signal })
    if (out.json) (repeats ? out.entry : out.document)(state)
    else {
      if (repeats && out.live) process.stdout.write('\u001B[H\u001B[2J')
      for (const line of linesOf(state, out.width)) out.line(line)
    }
    if (!repeats) return
    await sleep(every ?? 2_000, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

type State = Awaited<ReturnType<typeof read>>

async function read(client: Client, { whole, signal }: { whole: boolean; signal: AbortSignal }) {
  const call = { signal }
  const [limits, reviews, live, installation] = await Promise.all([
    client.limits.get(call).catch(withoutKey),
    client.reviews.list({ limit: 1 }, call).catch(withoutKey),
    take(client.tasks.all({ status: 'in_progress', limit: 20 }, call), 20).catch(withoutKey),
    whole ? readInstallation(client, call) : undefined,
  ])
  return {
    at: new Date().toISOString(),
    ...(limits && { workspace: limits.now }),
    ...(reviews && { waits_for_person: reviews.data.length > 0 }),
    ...(live && { live }),
    ...(installation && { installation }),
  }
}

/** Only the operator's key is known, so there is no workspace to show. */
function withoutKey(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 401) return undefined
  throw error
}

async function readInstallation(client: Client, call: { signal: AbortSignal }) {
  const [overview, scale] = await Promise.all([
    client.admin.overview(call),
    client.admin.scale(call),
  ])
  return { total: overview.total, workers: overview.workers, scale }
}

function linesOf({ at, workspace, live, installation }: State, width: number): string[] {
  const lines = [`Longhaul at ${at.slice(11, 19)} UTC`]
  if (installation !== undefined) {
    const { total, workers, scale } = installation
    const alive = workers.filter((worker) => worker.alive).length
    lines.push(
      `all        ${total.running} running, ${total.queued} queued, ${total.parked} parked, ${total.failed} failed${total.paused ? ', PAUSED' : ''}`,
      `workers    ${alive} alive, ${scale.running} of ${scale.slots} slots in use, demand ${scale.demand}`,
    )
  }
  if (workspace !== undefined) {
    const { running, queued, parked, tasks, streams } = workspace
    lines.push(
      `workspace  ${running} running, ${queued} queued, ${parked} parked, ${tasks} tasks, ${streams} streams`,
    )
  }
  if (live === undefined) return lines
  if (live.length === 0) return [...lines, '', 'No task is in progress.']
  const rows = live.map((task) => [
    task.task_id,
    task.agent_key ?? task.model,
    formatDuration(Date.now() - Date.parse(task.created_at)),
    stateOf(task).replace('in_progress', 'runs'),
  ])
  return [...lines, '', ...drawTable(['TASK', 'AGENT', 'AGE', 'STATE'], rows, width)]
}
