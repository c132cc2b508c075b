import type { Schedule } from '@longhaul/client'
import type { Context } from '../context.ts'
import { drawTable } from '../output/draw-table.ts'
import type { Given } from '../spec.ts'
import { confirm } from './confirm.ts'
import { readMessage } from './read-options.ts'

type Overlap = Schedule['overlap']

function refOf({ args: [agent = '', id = ''] }: Given) {
  return { agent, id }
}

export async function listSchedules(
  given: Given,
  { client, out, interrupted: signal }: Context,
): Promise<void> {
  const { schedules } = await client()
  const { schedules: found } = await schedules.list(given.args[0] ?? '', { signal })
  if (out.json) return void out.document(found)
  if (found.length === 0)
    return void out.note('No schedule. `longhaul schedules create --help` shows how to create one.')
  const rows = found.map(({ _id: id, ...schedule }) => [
    id,
    schedule.is_active ? 'active' : `paused (${schedule.paused_reason ?? 'unknown'})`,
    schedule.next_run_at ?? '',
    `${schedule.expression} ${schedule.type === 'cron' ? schedule.timezone : ''}`.trim(),
    schedule.display_name ?? '',
  ])
  const header = ['SCHEDULE', 'STATE', 'NEXT RUN', 'TIMES', 'NAME']
  for (const line of drawTable(header, rows, out.width)) out.line(line)
}

export async function getSchedule(
  given: Given,
  { client, out, interrupted: signal }: Context,
): Promise<void> {
  const { schedules } = await client()
  out.document(await schedules.get(refOf(given), { signal }))
}

export async function createSchedule(given: Given, context: Context): Promise<void> {
  const { out, interrupted: signal } = context
  const [agent = '', expression = '', text] = given.args
  const input = await readMessage(text)
  const { schedules } = await context.client()
  const [timezone, overlap] = [given.text('timezone'), given.text('overlap') as Overlap | undefined]
  const body = {
    type: typeOf(expression),
    expression,
    display_name: given.text('name') ?? expression,
    payload: { input },
    ...(timezone !== undefined && { timezone }),
    ...(overlap !== undefined && { overlap }),
    ...(given.flag('continueTask') && { continue_task: true }),
  }
  const created = await schedules.create(agent, body, { signal })
  if (out.json) return void out.document(created)
  const { _id: id } = created
  out.line(id)
  out.note(timesOf(created))
}

function typeOf(expression: string): Schedule['type'] {
  if (expression.startsWith('@every')) return 'interval'
  return expression.startsWith('@at') ? 'once' : 'cron'
}

function timesOf({ next_run_at: next }: Schedule): string {
  return next === undefined ? 'It does not run again.' : `It runs next at ${next}.`
}

export async function pauseSchedule(given: Given, context: Context): Promise<void> {
  await setActive(false, given, context)
}

export async function resumeSchedule(given: Given, context: Context): Promise<void> {
  await setActive(true, given, context)
}

async function setActive(
  active: boolean,
  given: Given,
  { client, out, interrupted: signal }: Context,
): Promise<void> {
  const { schedules } = await client()
  const changed = await schedules.update(refOf(given), { is_active: active }, { signal })
  if (out.json) return void out.document(changed)
  const { id } = refOf(given)
  out.line(`${id} ${changed.is_active ? 'is active' : 'is paused'}`)
  if (active) out.note(timesOf(changed))
}

export async function triggerSchedule(
  given: Given,
  { client, out, interrupted: signal }: Context,
): Promise<void> {
  const ref = refOf(given)
  const { schedules } = await client()
  const triggered = await schedules.trigger(ref, { signal })
  if (out.json) return void out.document(triggered)
  out.line(`${ref.id} starts a run`)
  out.note(`\`longhaul schedules runs ${ref.agent} ${ref.id}\` shows what becomes of it.`)
}

export async function listRuns(
  given: Given,
  { client, out, interrupted: signal }: Context,
): Promise<void> {
  const { schedules } = await client()
  const limit = given.number('limit') ?? 50
  const { runs } = await schedules.runs(refOf(given), { limit }, { signal })
  if (out.json) return void out.document(runs)
  if (runs.length === 0) return void out.note('It has not run yet.')
  const rows = runs.map((run) => [
    run.task_id ?? '',
    run.scheduled_for,
    run.kind,
    run.status,
    [run.reason, run.message].filter((text) => text !== undefined).join(': '),
  ])
  const header = ['TASK', 'TIME', 'KIND', 'STATUS', 'REASON']
  for (const line of drawTable(header, rows, out.width)) out.line(line)
}

export async function deleteSchedule(given: Given, context: Context): Promise<void> {
  const ref = refOf(given)
  await confirm(`Delete schedule ${ref.id} of ${ref.agent}?`, context)
  const { schedules } = await context.client()
  await schedules.delete(ref, { signal: context.interrupted })
  if (context.out.json) context.out.document({ _id: ref.id, deleted: true })
  else context.out.line(`${ref.id} deleted`)
}
