import type { Schedule } from '@longhaul/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { pathOfSchedule, refOf } from '../../data/schedules.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { FormField } from '../../parts/form-field.tsx'
import { ScheduleRules } from './schedule-rules.tsx'
import { ScheduleTimes } from './schedule-times.tsx'
import { changesOf, type Values, valuesOf } from './schedule-values.ts'

type Options = { schedule?: Schedule; onClose: () => void }
type NewSchedule = Parameters<typeof client.schedules.create>[1]

/** Creates a schedule, or changes one. The next times are shown before. */
export function ScheduleForm({ schedule, onClose }: Options) {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const [before] = useState<Values>(() => valuesOf(schedule))
  const [values, setValues] = useState(before)
  const set = (changed: Partial<Values>) => setValues((known) => ({ ...known, ...changed }))
  const save = useMutation({
    mutationFn: async () => {
      const changes: object = changesOf(values, before, schedule)
      // The API checks the values.
      if (schedule !== undefined) {
        return await client.schedules.update(refOf(schedule), changes)
      }
      return await client.schedules.create(values.agent, changes as NewSchedule)
    },
    onSuccess(saved) {
      queries.setQueryData(['schedules', saved._id], saved)
      void queries.invalidateQueries({ queryKey: ['schedules'] })
      onClose()
      if (schedule === undefined) navigate(pathOfSchedule(refOf(saved)))
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Dialog title={schedule ? 'Edit the schedule' : 'New schedule'} onClose={onClose}>
      <form className="grid gap-4" onSubmit={submit}>
        <div className="grid gap-4 sm:grid-cols-2">
          {schedule === undefined && (
            <AgentField value={values.agent} onChange={(agent) => set({ agent })} />
          )}
          <FormField label="Name">
            <input
              className="field"
              required
              value={values.display_name}
              onChange={({ target }) => set({ display_name: target.value })}
            />
          </FormField>
        </div>
        <ScheduleTimes values={values} set={set} />
        <FormField label="Input of each run" note="A text, or a list of items as JSON.">
          <textarea
            className="field"
            rows={3}
            value={values.input}
            onChange={({ target }) => set({ input: target.value })}
          />
        </FormField>
        <ScheduleRules values={values} set={set} />
        {save.error && <ErrorNote>{messageOf(save.error)}</ErrorNote>}
        <button
          type="submit"
          className="button button-main justify-self-start"
          disabled={save.isPending}
        >
          {schedule ? 'Save' : 'Create'}
        </button>
      </form>
    </Dialog>
  )
}

function AgentField({ value, onChange }: { value: string; onChange: (agent: string) => void }) {
  const { data } = useQuery({
    queryKey: ['agents'],
    queryFn: ({ signal }) => client.agents.list({ limit: 200 }, { signal }),
  })
  return (
    <FormField label="Agent">
      <select
        className="field"
        required
        autoFocus
        value={value}
        onChange={({ target }) => onChange(target.value)}
      >
        <option value="" />
        {(data?.data ?? []).map(({ key }) => (
          <option key={key}>{key}</option>
        ))}
      </select>
    </FormField>
  )
}
