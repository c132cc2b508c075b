import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { client, messageOf } from '../../data/api.ts'
import { useSettled } from '../../data/use-settled.ts'
import { timeZones } from '../../data/zoned-time.ts'
import { FormField } from '../../parts/form-field.tsx'
import { examples, timesOf, type Values } from './schedule-values.ts'
import { UpcomingTimes } from './upcoming-times.tsx'

const notes: Record<string, string> = {
  cron: 'Minute, hour, day of the month, month, weekday; or a second before them.',
  interval: '@every and a duration of at least a minute, such as @every 90m.',
  once: '@at and a time with its zone, such as @at 2030-01-31T09:00:00Z.',
}

type Options = { values: Values; set: (changed: Partial<Values>) => void }

/** When a schedule fires, with its next times. */
export function ScheduleTimes({ values, set }: Options) {
  const zones = useId()
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <FormField label="Times">
          <select
            className="field"
            value={values.type}
            onChange={({ target }) =>
              set({
                type: target.value,
                expression: examples[target.value as keyof typeof examples],
              })
            }
          >
            <option value="cron">cron</option>
            <option value="interval">interval</option>
            <option value="once">once</option>
          </select>
        </FormField>
        {values.type === 'cron' && (
          <FormField label="Time zone">
            <input
              className="field"
              required
              list={zones}
              value={values.timezone}
              onChange={({ target }) => set({ timezone: target.value })}
            />
            <datalist id={zones}>
              {timeZones().map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </FormField>
        )}
      </div>
      <FormField label="Expression" note={notes[values.type]}>
        <input
          className="field font-mono text-xs"
          required
          spellCheck={false}
          value={values.expression}
          onChange={({ target }) => set({ expression: target.value })}
        />
      </FormField>
      <Preview values={values} />
    </>
  )
}

function Preview({ values }: { values: Values }) {
  const times = useSettled(JSON.stringify(timesOf(values)))
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['preview', times],
    queryFn: ({ signal }) =>
      client.schedules.preview(JSON.parse(times) as ReturnType<typeof timesOf>, { signal }),
    retry: false,
    placeholderData: (previous) => previous,
  })
  return (
    <section
      aria-label="Next times"
      aria-live="polite"
      className="min-h-36 rounded-md bg-sunken px-3 py-2"
    >
      <h3 className="mb-1 text-xs font-semibold text-soft">It would fire</h3>
      {error ? (
        <p className="task-text text-bad">{messageOf(error)}</p>
      ) : (
        data && (
          <div className={isPlaceholderData ? 'opacity-50' : ''}>
            <UpcomingTimes times={data.upcoming} zone={zoneOf(times)} />
          </div>
        )
      )}
    </section>
  )
}

function zoneOf(times: string): string {
  return (JSON.parse(times) as ReturnType<typeof timesOf>).timezone
}
