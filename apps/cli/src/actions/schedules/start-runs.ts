import type { Context } from '../../context.ts'
import { UsageError } from '../../failure.ts'
import type { Given } from '../../spec.ts'
import { timeAgoOf } from '../shared/read-options.ts'
import { refOf } from './schedule-ref.ts'

export async function triggerSchedule(given: Given, context: Context): Promise<void> {
  const { client, out, interrupted: signal } = context
  const { schedules } = await client()
  const key = given.text('idempotencyKey')
  const options = { signal, ...(key !== undefined && { idempotencyKey: key }) }
  const triggered = await schedules.trigger(refOf(given), options)
  if (out.json) return void out.document(triggered)
  out.line(`${refOf(given).id} starts a run`)
  noteRuns(given, context)
}

export async function backfillSchedule(given: Given, context: Context): Promise<void> {
  const { client, out, interrupted: signal } = context
  const from = timeAgoOf(given, 'since')
  if (from === undefined) throw new UsageError('--since is missing', 'For the last week: 7d.')
  const to = timeAgoOf(given, 'until') ?? new Date(Date.now() - margin).toISOString()
  const { schedules } = await client()
  const started = await schedules.backfill(refOf(given), { from, to }, { signal })
  if (out.json) return void out.document(started)
  for (const { scheduled_for: time } of started.runs) out.line(time)
  if (started.runs.length === 0) out.note('The schedule has no time in this span.')
  else noteRuns(given, context)
}

/** The server refuses a span that has not ended, and its clock may be late. */
const margin = 60_000

function noteRuns(given: Given, { out }: Context): void {
  const { agent, id } = refOf(given)
  out.note(`\`longhaul schedules runs ${agent} ${id}\` shows what becomes of it.`)
}
