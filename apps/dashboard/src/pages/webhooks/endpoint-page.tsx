import { useQuery } from '@tanstack/react-query'
import { client, messageOf } from '../../data/api.ts'
import { stateOf } from '../../data/webhooks.ts'
import { Badge } from '../../parts/badge.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { DeliveryList } from './delivery-list.tsx'
import { EndpointActions } from './endpoint-actions.tsx'

/** One endpoint: its state, and what was sent to it. */
export function EndpointPage({ id }: { id: string }) {
  const { data, error } = useQuery({
    queryKey: ['webhooks', id],
    queryFn: ({ signal }) => client.webhooks.get(id, { signal }),
    refetchInterval: 5_000,
  })
  if (error !== null && data === undefined) {
    return <EmptyState title="This endpoint cannot be shown">{messageOf(error)}</EmptyState>
  }
  if (data === undefined) return <p className="text-soft">Loading …</p>
  const { label, tone, why } = stateOf(data)
  return (
    <>
      <PageHead title={data.name}>
        <EndpointActions endpoint={data} />
      </PageHead>
      <Facts
        facts={[
          [
            'State',
            <span key="state" className="flex flex-wrap items-center gap-2">
              <Badge tone={tone} label={label} />
              {why}
            </span>,
          ],
          [
            'URL',
            <span key="url" className="flex items-center gap-2">
              <span className="min-w-0 font-mono text-xs break-all">{data.url}</span>
              <CopyButton text={data.url} />
            </span>,
          ],
          ['Events', data.event_types.join(', ')],
          ['Secret', <code key="secret">{data.signing_secret_hint ?? 'none'}</code>],
          ['Failed attempts since the last success', data.failure_count],
          [
            'Changed',
            <Moment key="changed" at={new Date(data.updated_at * 1_000).toISOString()} />,
          ],
        ]}
      />
      <DeliveryList endpoint={id} />
    </>
  )
}
