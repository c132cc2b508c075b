import type { WebhookEndpoint } from '@longhaul/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client, messageOf } from '../../data/api.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { FormField } from '../../parts/form-field.tsx'
import { EventChoice } from './event-choice.tsx'
import { SecretOnce } from './secret-once.tsx'

type Options = { endpoint?: WebhookEndpoint; onClose: () => void }
type Fields = { name: string; url: string; event_types: string[]; include: 'output'[] }

/** Creates an endpoint and shows its secret, or changes an endpoint. */
export function EndpointForm({ endpoint, onClose }: Options) {
  const queries = useQueryClient()
  const [events, setEvents] = useState<string[]>(endpoint?.event_types ?? ['response.*'])
  const save = useMutation({
    mutationFn: async (fields: Fields) => {
      // The API checks the types.
      const body = fields as Parameters<typeof client.webhooks.create>[0]
      if (endpoint === undefined) return (await client.webhooks.create(body)).signing_secret
      await client.webhooks.update(endpoint.id, body)
      return undefined
    },
    onSuccess(secret) {
      void queries.invalidateQueries({ queryKey: ['webhooks'] })
      if (secret === undefined) onClose()
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const textOf = (name: string) => {
      const value = form.get(name)
      return typeof value === 'string' ? value.trim() : ''
    }
    const include = form.has('output') ? ['output' as const] : []
    save.mutate({ name: textOf('name'), url: textOf('url'), event_types: events, include })
  }
  if (save.data !== undefined) {
    return (
      <Dialog title="The endpoint is created" onClose={onClose}>
        <SecretOnce secret={save.data} onDone={onClose} />
      </Dialog>
    )
  }
  return (
    <Dialog title={endpoint ? 'Edit the endpoint' : 'New endpoint'} onClose={onClose}>
      <form className="grid gap-4" onSubmit={submit}>
        <FormField label="Name">
          <input name="name" className="field" required autoFocus defaultValue={endpoint?.name} />
        </FormField>
        <FormField
          label="URL"
          note="It begins with https:// and leads to a public host, or to one that the operator allows."
        >
          <input
            name="url"
            className="field font-mono text-xs"
            required
            spellCheck={false}
            placeholder="https://shop.example/events"
            defaultValue={endpoint?.url}
          />
        </FormField>
        <EventChoice chosen={events} onChange={setEvents} />
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            name="output"
            className="size-4 accent-accent"
            defaultChecked={endpoint?.include.includes('output') === true}
          />
          Events have the text of the answer
        </label>
        {save.error && <ErrorNote>{messageOf(save.error)}</ErrorNote>}
        <button
          type="submit"
          className="button button-main justify-self-start"
          disabled={save.isPending || events.length === 0}
        >
          {endpoint ? 'Save' : 'Create'}
        </button>
      </form>
    </Dialog>
  )
}
