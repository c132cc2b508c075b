import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client, messageOf } from '../../data/api.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { SecretOnce } from './secret-once.tsx'

/** Gives an endpoint a new secret, and shows it. */
export function RotateForm({ endpoint, onClose }: { endpoint: string; onClose: () => void }) {
  const queries = useQueryClient()
  const [keepsOld, setKeepsOld] = useState(true)
  const rotate = useMutation({
    mutationFn: () => client.webhooks.rotateSecret(endpoint, { keepOld: keepsOld }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['webhooks'] }),
  })
  return (
    <Dialog title={rotate.data ? 'The secret is new' : 'Rotate the secret'} onClose={onClose}>
      {rotate.data ? (
        <SecretOnce secret={rotate.data.signing_secret} onDone={onClose} />
      ) : (
        <div className="grid gap-4">
          <p className="text-soft">
            The endpoint gets a new secret, which signs events from now on.
          </p>
          <label className="flex items-center gap-2">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={keepsOld}
              onChange={() => setKeepsOld(!keepsOld)}
            />
            For a day, events have the signature of the old secret, too
          </label>
          {rotate.error && <ErrorNote>{messageOf(rotate.error)}</ErrorNote>}
          <button
            type="button"
            className="button button-main justify-self-start"
            disabled={rotate.isPending}
            onClick={() => rotate.mutate()}
          >
            Rotate
          </button>
        </div>
      )}
    </Dialog>
  )
}
