import type { Schedule } from '@longhaul/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { refOf } from '../../data/schedules.ts'
import { useMayAct } from '../../data/session.ts'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { BackfillForm } from './backfill-form.tsx'
import { ScheduleForm } from './schedule-form.tsx'

/** What the caller may do with a schedule. */
export function ScheduleActions({ schedule }: { schedule: Schedule }) {
  const { display_name: name, is_active: isActive } = schedule
  const ref = refOf(schedule)
  const mayAct = useMayAct()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const [open, setOpen] = useState<'backfill' | 'edit' | 'delete'>()
  const close = () => setOpen(undefined)
  const onSettled = async () => {
    await queries.invalidateQueries({ queryKey: ['schedules'] })
    await queries.invalidateQueries({ queryKey: ['runs', ref.id] })
  }
  const activate = useMutation({
    mutationFn: () => client.schedules.update(ref, { is_active: !isActive }),
    onSettled,
  })
  const run = useMutation({ mutationFn: () => client.schedules.trigger(ref), onSettled })
  const remove = async () => {
    await client.schedules.delete(ref)
    queries.removeQueries({ queryKey: ['schedules', ref.id] })
    await queries.invalidateQueries({ queryKey: ['schedules'], exact: true })
    navigate('/schedules')
  }
  const error = activate.error ?? run.error
  if (!mayAct) return null
  return (
    <>
      {error && <ErrorNote>{messageOf(error)}</ErrorNote>}
      {isActive && (
        <button
          type="button"
          className="button button-main"
          disabled={run.isPending}
          onClick={() => run.mutate()}
        >
          Run now
        </button>
      )}
      <button
        type="button"
        className={`button ${isActive ? '' : 'button-main'}`}
        disabled={activate.isPending}
        onClick={() => activate.mutate()}
      >
        {isActive ? 'Deactivate' : 'Activate'}
      </button>
      <button type="button" className="button" onClick={() => setOpen('backfill')}>
        Backfill …
      </button>
      <button type="button" className="button" onClick={() => setOpen('edit')}>
        Edit …
      </button>
      <button type="button" className="button button-bad" onClick={() => setOpen('delete')}>
        Delete …
      </button>
      {open === 'backfill' && <BackfillForm schedule={ref} onClose={close} />}
      {open === 'edit' && <ScheduleForm schedule={schedule} onClose={close} />}
      {open === 'delete' && (
        <ConfirmDialog
          title={`Delete ${name ?? 'the schedule'}?`}
          verb="Delete"
          onConfirm={remove}
          onClose={close}
        >
          It does not fire again. The tasks that it has started stay.
        </ConfirmDialog>
      )}
    </>
  )
}
