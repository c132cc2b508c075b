import type { Schedule } from '@longhaul/client'
import { fieldTime, ownZone, timeOfField } from '../../data/zoned-time.ts'

/** The fields of the form of a schedule, as texts. */
export type ScheduleValues = ReturnType<typeof valuesOf>
export type Values = Record<keyof ScheduleValues, string>

export function valuesOf(schedule?: Schedule) {
  const { payload, catch_up: catchUp } = schedule ?? {}
  return {
    agent: schedule?.agent_key ?? '',
    display_name: schedule?.display_name ?? '',
    type: schedule?.type ?? 'cron',
    expression: schedule?.expression ?? examples.cron,
    timezone: schedule?.timezone ?? ownZone,
    input: textOfInput(payload?.input),
    overlap: schedule?.overlap ?? 'skip',
    runs: catchUp?.runs ?? 'latest',
    window: catchUp?.window ?? 'PT1H',
    spread: schedule?.spread ?? '',
    start_at: timeText(schedule?.start_at),
    end_at: timeText(schedule?.end_at),
    max_runs: numberText(schedule?.max_runs),
    pause_after_failures: numberText(schedule?.pause_after_failures),
    priority: numberText(schedule?.priority),
    continue_task: schedule?.continue_task === true ? 'yes' : 'no',
  }
}

/** An expression of each type, to begin with. */
export const examples = {
  cron: '0 9 * * 1-5',
  interval: '@every 1h',
  get once() {
    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
    return `@at ${day}T09:00:00Z`
  },
} satisfies Record<Schedule['type'], string>

/** The fields that say when a schedule fires. */
export function timesOf({ type, expression, timezone, start_at, end_at, max_runs }: Values) {
  return {
    type: type as Schedule['type'],
    expression,
    timezone,
    start_at: timeOfField(start_at) ?? null,
    end_at: timeOfField(end_at) ?? null,
    max_runs: max_runs === '' ? null : Number(max_runs),
  }
}

/** The fields of a request that differ from those before. A field that is emptied is null. */
export function changesOf(now: Values, before: Values, schedule?: Schedule) {
  const isChanged = (name: keyof Values) => schedule === undefined || now[name] !== before[name]
  const plain = ['display_name', 'type', 'expression', 'timezone', 'overlap'] as const
  const clearable = ['spread'] as const
  const numbers = ['max_runs', 'pause_after_failures', 'priority'] as const
  const times = ['start_at', 'end_at'] as const
  return {
    ...pick(plain.filter(isChanged), (name) => now[name]),
    ...pick(clearable.filter(isChanged), (name) => now[name] || null),
    ...pick(numbers.filter(isChanged), (name) => (now[name] === '' ? null : Number(now[name]))),
    ...pick(times.filter(isChanged), (name) => timeOfField(now[name]) ?? null),
    ...(isChanged('continue_task') && { continue_task: now.continue_task === 'yes' }),
    ...((isChanged('runs') || isChanged('window')) && {
      catch_up: { runs: now.runs, window: now.window },
    }),
    ...(isChanged('input') && { payload: { ...schedule?.payload, input: inputOf(now.input) } }),
  }
}

function pick<Name extends string, Value>(names: Name[], valueOf: (name: Name) => Value) {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)]))
}

/** A text stays a text; a list of items is shown as JSON. */
function textOfInput(input: unknown): string {
  if (input === undefined) return ''
  return typeof input === 'string' ? input : JSON.stringify(input, undefined, 2)
}

function inputOf(text: string): unknown {
  if (!/^\s*\[/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function timeText(at: string | undefined): string {
  return at === undefined ? '' : fieldTime(Date.parse(at))
}

function numberText(value: number | undefined): string {
  return value === undefined ? '' : String(value)
}
