import type { BodyOf, Schedule } from '@longhaul/client'
import type { Context } from '../../context.ts'
import { UsageError } from '../../failure.ts'
import type { Given } from '../../spec.ts'
import { confirm } from '../shared/confirm.ts'
import { readMessage } from '../shared/read-options.ts'
import { fieldsOf, typeOf } from './schedule-fields.ts'
import { refOf } from './schedule-ref.ts'

type NewSchedule = BodyOf<'post', '/v3/agents/{agent_key}/schedules'>

export async function createSchedule(given: Given, context: Context): Promise<void> {
  const { out, interrupted: signal } = context
  const [agent = '', expression = '', text] = given.args
  const input = await readMessage(text)
  const { schedules } = await context.client()
  const fields = fieldsOf(given)
  const body = {
    ...fields,
    type: typeOf(expression),
    expression,
    display_name: fields.display_name ?? expression,
    payload: { input },
  } as NewSchedule
  const created = await schedules.create(agent, body, { signal })
  if (out.json) return void out.document(created)
  const { _id: id } = created
  out.line(id)
  out.note(timesOf(created))
}

function timesOf({ next_run_at: next }: Schedule): string {
  return next === undefined ? 'It does not run again.' : `It runs next at ${next}.`
}

export async function updateSchedule(given: Given, context: Context): Promise<void> {
  const expression = given.text('expression')
  const text = given.text('text')
  const fields = {
    ...fieldsOf(given),
    ...(expression !== undefined && { expression, type: typeOf(expression) }),
  }
  if (text === undefined && Object.keys(fields).length === 0) {
    throw new UsageError('there is nothing to change')
  }
  const { schedules } = await context.client()
  const ref = refOf(given)
  const call = { signal: context.interrupted }
  // The message is a part of the payload, whose other parts stay.
  const payload = text !== undefined && {
    payload: { ...(await schedules.get(ref, call)).payload, input: await readMessage(text) },
  }
  report(await schedules.update(ref, { ...fields, ...payload }, call), context)
}

export async function pauseSchedule(given: Given, context: Context): Promise<void> {
  await setActive(false, given, context)
}

export async function resumeSchedule(given: Given, context: Context): Promise<void> {
  await setActive(true, given, context)
}

async function setActive(active: boolean, given: Given, context: Context): Promise<void> {
  const { schedules } = await context.client()
  const call = { signal: context.interrupted }
  report(await schedules.update(refOf(given), { is_active: active }, call), context)
}

function report(changed: Schedule, { out }: Context): void {
  if (out.json) return void out.document(changed)
  const { _id: id, is_active: active } = changed
  out.line(`${id} ${active ? 'is active' : 'is paused'}`)
  if (active) out.note(timesOf(changed))
}

export async function deleteSchedule(given: Given, context: Context): Promise<void> {
  const ref = refOf(given)
  await confirm(`Delete schedule ${ref.id} of ${ref.agent}?`, context)
  const { schedules } = await context.client()
  await schedules.delete(ref, { signal: context.interrupted })
  if (context.out.json) context.out.document({ _id: ref.id, deleted: true })
  else context.out.line(`${ref.id} deleted`)
}
