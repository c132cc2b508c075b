import type { WebhookEndpoint } from '@longhaul/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { useMayAct } from '../../data/session.ts'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { EndpointForm } from './endpoint-form.tsx'
import { RecoverForm } from './recover-form.tsx'
import { RotateForm } from './rotate-form.tsx'
import { TestForm } from './test-form.tsx'

const dialogs = ['test', 'recover', 'edit', 'rotate', 'delete'] as const
type DialogName = (typeof dialogs)[number]

const labels: Record<DialogName, string> = {
  test: 'Test …',
  recover: 'Recover …',
  edit: 'Edit …',
  rotate: 'Rotate secret …',
  delete: 'Delete …',
}

/** What the caller may do with an endpoint. */
export function EndpointActions({ endpoint }: { endpoint: WebhookEndpoint }) {
  const { id, name, enabled } = endpoint
  const mayAct = useMayAct()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const [open, setOpen] = useState<DialogName>()
  const close = () => setOpen(undefined)
  const enable = useMutation({
    mutationFn: () => client.webhooks.update(id, { enabled: !enabled }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['webhooks'] }),
  })
  const remove = async () => {
    await client.webhooks.delete(id)
    queries.removeQueries({ queryKey: ['webhooks', id] })
    await queries.invalidateQueries({ queryKey: ['webhooks'], exact: true })
    navigate('/webhooks')
  }
  if (!mayAct) return null
  return (
    <>
      {enable.error && <ErrorNote>{messageOf(enable.error)}</ErrorNote>}
      <button
        type="button"
        className={`button ${enabled ? '' : 'button-main'}`}
        disabled={enable.isPending}
        onClick={() => enable.mutate()}
      >
        {enabled ? 'Disable' : 'Enable'}
      </button>
      {dialogs.map((each) => (
        <button
          key={each}
          type="button"
          className={`button ${each === 'delete' ? 'button-bad' : ''}`}
          disabled={each === 'recover' && !enabled}
          onClick={() => setOpen(each)}
        >
          {labels[each]}
        </button>
      ))}
      {open === 'test' && <TestForm endpoint={endpoint} onClose={close} />}
      {open === 'recover' && <RecoverForm endpoint={id} onClose={close} />}
      {open === 'edit' && <EndpointForm endpoint={endpoint} onClose={close} />}
      {open === 'rotate' && <RotateForm endpoint={id} onClose={close} />}
      {open === 'delete' && (
        <ConfirmDialog title={`Delete ${name}?`} verb="Delete" onConfirm={remove} onClose={close}>
          Its deliveries are deleted, too. Events that wait are not sent any more.
        </ConfirmDialog>
      )}
    </>
  )
}
