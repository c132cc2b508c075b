import type { WebhookEndpoint } from '@longhaul/client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client, messageOf } from '../../data/api.ts'
import { useEventTypes } from '../../data/webhooks.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { FormField } from '../../parts/form-field.tsx'

type Body = Parameters<typeof client.webhooks.test>[1]

/** Sends a sample event, and shows the status of its answer. */
export function TestForm({
  endpoint: { id, event_types: wanted },
  onClose,
}: {
  endpoint: WebhookEndpoint
  onClose: () => void
}) {
  const { data } = useEventTypes()
  const types = data?.data ?? []
  const [type, setType] = useState(
    wanted.find((each) => !each.includes('*')) ?? 'response.completed',
  )
  const test = useMutation({
    mutationFn: () => client.webhooks.test(id, { event_type: type } as Body),
  })
  const status = test.data?.status_code
  return (
    <Dialog title="Send a sample event" onClose={onClose}>
      <div className="grid gap-4">
        <p className="text-soft">
          It is sent at once and only once, with <code>resp_test</code> as its response. It is no
          delivery.
        </p>
        <FormField label="Type">
          <select
            className="field"
            value={type}
            onChange={({ target }) => (setType(target.value), test.reset())}
          >
            {types.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </FormField>
        {test.error && <ErrorNote>{messageOf(test.error)}</ErrorNote>}
        {status !== undefined && (
          <p
            role="status"
            className={`rounded-md px-3 py-2 ${status < 300 ? 'bg-good-soft text-good' : 'bg-warn-soft text-warn'}`}
          >
            The endpoint has answered {status}.
            {status >= 300 && ' Only a 2xx is a success: the event would be sent again.'}
          </p>
        )}
        <button
          type="button"
          className="button button-main justify-self-start"
          disabled={test.isPending}
          onClick={() => test.mutate()}
        >
          {test.isPending ? 'Waits for the answer …' : 'Send'}
        </button>
      </div>
    </Dialog>
  )
}
