import type { ReactNode } from 'react'
import { FormField } from '../../parts/form-field.tsx'
import type { Values } from './schedule-values.ts'

type Options = { values: Values; set: (changed: Partial<Values>) => void }
type Pair = readonly [value: string, label: string]

const overlaps: Pair[] = [
  ['skip', 'skip: the occurrence does not run'],
  ['queue', 'queue: it waits'],
  ['cancel_previous', 'cancel_previous: it replaces the earlier run'],
  ['allow', 'allow: it runs beside it'],
]
const catchUps: Pair[] = [
  ['latest', 'latest: one run'],
  ['all', 'all: each of them'],
  ['none', 'none'],
]
const priorities: Pair[] = ['', '1', '2', '3', '4', '5'].map((value) => [value, value || 'usual'])

/** What a schedule does beside its times; most have none of it. */
export function ScheduleRules({ values, set }: Options) {
  const input = (
    name: keyof Values,
    type: string,
    more: { placeholder?: string; min?: number },
  ) => (
    <input
      type={type}
      className="field"
      {...more}
      value={values[name]}
      onChange={({ target }) => set({ [name]: target.value })}
    />
  )
  const select = (name: keyof Values, options: Pair[]): ReactNode => (
    <select
      className="field"
      value={values[name]}
      onChange={({ target }) => set({ [name]: target.value })}
    >
      {options.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  )
  return (
    <details className="rounded-md border border-line px-3 py-2">
      <summary className="cursor-pointer text-soft">Rules: overlap, outages, bounds</summary>
      <div className="grid gap-4 py-3 sm:grid-cols-2">
        <FormField label="When the run before has not ended">
          {select('overlap', overlaps)}
        </FormField>
        <FormField label="After an outage, missed occurrences run">
          {select('runs', catchUps)}
        </FormField>
        <FormField label="How late they may run">{input('window', 'text', {})}</FormField>
        <FormField label="Spread" note="Fires later by a fixed part of it.">
          {input('spread', 'text', { placeholder: '10m' })}
        </FormField>
        <FormField label="Not before" note="In your time zone.">
          {input('start_at', 'datetime-local', {})}
        </FormField>
        <FormField label="Not after" note="In your time zone.">
          {input('end_at', 'datetime-local', {})}
        </FormField>
        <FormField label="Runs at most">{input('max_runs', 'number', { min: 1 })}</FormField>
        <FormField label="Stops after failures in a row">
          {input('pause_after_failures', 'number', { min: 1 })}
        </FormField>
        <FormField label="Priority">{select('priority', priorities)}</FormField>
        <FormField label="Task">
          {select('continue_task', [
            ['no', 'each run has its own'],
            ['yes', 'each run continues the one before'],
          ])}
        </FormField>
      </div>
    </details>
  )
}
