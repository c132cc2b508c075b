import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client, messageOf } from '../../data/api.ts'
import { counted } from '../../data/format.ts'
import { fieldTime, timeOfField } from '../../data/zoned-time.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { FormField } from '../../parts/form-field.tsx'

type Options = { schedule: { agent: string; id: string }; onClose: () => void }

/** Runs the occurrences of a past time span. */
export function BackfillForm({ schedule, onClose }: Options) {
  const queries = useQueryClient()
  const [from, setFrom] = useState(() => fieldTime(Date.now() - 86_400_000))
  const [to, setTo] = useState(() => fieldTime(Date.now()))
  const backfill = useMutation({
    mutationFn: (span: { from: string; to: string }) => client.schedules.backfill(schedule, span),
    onSettled: () => queries.invalidateQueries({ queryKey: ['runs', schedule.id] }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const span = { from: timeOfField(from) ?? '', to: timeOfField(to) ?? '' }
    backfill.mutate(span)
  }
  const runs = backfill.data?.runs.length
  return (
    <Dialog title="Backfill" onClose={onClose}>
      <form className="grid gap-4" onSubmit={submit}>
        <p className="text-soft">
          Every occurrence of the span runs, also those that have run before: at most 100. They wait
          for each other, unless runs may overlap.
        </p>
        <div className="grid gap-4 sm:grid-cols-2">
          <FormField label="From" note="In your time zone.">
            <input
              type="datetime-local"
              className="field"
              required
              value={from}
              onChange={({ target }) => setFrom(target.value)}
            />
          </FormField>
          <FormField label="To" note="In the past.">
            <input
              type="datetime-local"
              className="field"
              required
              value={to}
              onChange={({ target }) => setTo(target.value)}
            />
          </FormField>
        </div>
        {backfill.error && <ErrorNote>{messageOf(backfill.error)}</ErrorNote>}
        {runs !== undefined && (
          <p role="status" className="rounded-md bg-good-soft px-3 py-2 text-good">
            {runs === 0 ? 'The span has no occurrence.' : `${counted(runs, 'run')} will start.`}
          </p>
        )}
        <button
          type="submit"
          className="button button-main justify-self-start"
          disabled={backfill.isPending || (runs ?? 0) > 0}
        >
          Backfill
        </button>
      </form>
    </Dialog>
  )
}
