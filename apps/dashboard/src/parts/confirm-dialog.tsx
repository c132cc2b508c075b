import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { messageOf } from '../data/api.ts'
import { Dialog } from './dialog.tsx'
import { ErrorNote } from './empty-state.tsx'

type Options = {
  title: string
  /** What happens, before it happens. */
  children: ReactNode
  verb: string
  onConfirm: () => Promise<unknown>
  onClose: () => void
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({ title, children, verb, onConfirm, onClose }: Options) {
  const { mutate, error, isPending } = useMutation({ mutationFn: onConfirm, onSuccess: onClose })
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="mb-4 text-soft">{children}</p>
      {error && <ErrorNote>{messageOf(error)}</ErrorNote>}
      <div className="mt-4 flex gap-2">
        <button
          type="button"
          className="button button-bad"
          disabled={isPending}
          onClick={() => mutate()}
        >
          {verb}
        </button>
        <button type="button" className="button" onClick={onClose}>
          Back
        </button>
      </div>
    </Dialog>
  )
}
