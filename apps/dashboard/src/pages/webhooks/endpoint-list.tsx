import type { WebhookEndpoint } from '@longhaul/client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { client, messageOf } from '../../data/api.ts'
import { counted } from '../../data/format.ts'
import { useMayAct } from '../../data/session.ts'
import { useRowKeys } from '../../data/use-row-keys.ts'
import { lookOfDelivery, pathOfEndpoint, stateOf, useEndpoints } from '../../data/webhooks.ts'
import { Badge } from '../../parts/badge.tsx'
import { EmptyState, ErrorNote } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { RowLink } from '../../parts/row-link.tsx'
import { EndpointForm } from './endpoint-form.tsx'

/** The webhook endpoints of the workspace. */
export function EndpointList() {
  const { data, error, isSuccess } = useEndpoints()
  const mayAct = useMayAct()
  const [isCreating, setCreating] = useState(false)
  const [, navigate] = useLocation()
  const endpoints = data?.data ?? []
  const open = (at: number) => {
    const endpoint = endpoints[at]
    if (endpoint !== undefined) navigate(pathOfEndpoint(endpoint.id))
  }
  const [at] = useRowKeys({ size: endpoints.length, onOpen: open })
  return (
    <>
      <PageHead title="Webhooks">
        {mayAct && (
          <button type="button" className="button button-main" onClick={() => setCreating(true)}>
            New endpoint …
          </button>
        )}
      </PageHead>
      {error && <ErrorNote>{messageOf(error)}</ErrorNote>}
      {isSuccess && endpoints.length === 0 && (
        <EmptyState
          title="No endpoints yet"
          line={`curl ${location.origin}/v1/webhook_endpoints -H "Authorization: Bearer $LONGHAUL_API_KEY" -H 'Content-Type: application/json' -d '{"name": "shop", "url": "https://shop.example/events", "event_types": ["response.*"]}'`}
        >
          An endpoint is an address of yours. It receives an event when a turn ends, or when it
          waits for you.
        </EmptyState>
      )}
      {endpoints.length > 0 && (
        <ul className="card divide-y divide-line overflow-hidden" aria-label="Endpoints">
          {endpoints.map((endpoint, index) => (
            <EndpointRow key={endpoint.id} endpoint={endpoint} isCurrent={index === at} />
          ))}
        </ul>
      )}
      {isCreating && <EndpointForm onClose={() => setCreating(false)} />}
    </>
  )
}

function EndpointRow({ endpoint, isCurrent }: { endpoint: WebhookEndpoint; isCurrent: boolean }) {
  const { id, name, url, event_types: events, failure_count: failures } = endpoint
  const { label, tone, why } = stateOf(endpoint)
  return (
    <RowLink
      href={pathOfEndpoint(id)}
      isCurrent={isCurrent}
      className="md:grid-cols-[7rem_minmax(0,2fr)_minmax(0,2fr)_11rem]"
    >
      <span>
        <Badge tone={tone} label={label} />
      </span>
      <span className="min-w-0">
        <span className="task-text block truncate font-medium">{name}</span>
        <span className="task-text block truncate font-mono text-xs text-soft">{url}</span>
        {why !== undefined && <span className="block text-xs text-soft">{why}</span>}
      </span>
      <span className="task-text line-clamp-2 min-w-0 text-soft">{events.join(', ')}</span>
      <span className="text-soft md:text-right">
        <LastDelivery id={id} />
        {failures > 0 && (
          <span className="block text-xs text-bad">{counted(failures, 'failed attempt')}</span>
        )}
      </span>
    </RowLink>
  )
}

function LastDelivery({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ['last-delivery', id],
    queryFn: ({ signal }) => client.webhooks.deliveries(id, { limit: 1 }, { signal }),
    refetchInterval: 10_000,
  })
  if (data === undefined) return null
  const last = data.data[0]
  if (last === undefined) return <>no delivery yet</>
  const [label] = lookOfDelivery(last.status)
  return (
    <>
      {label.toLowerCase()} <Moment at={last.created} />
    </>
  )
}
