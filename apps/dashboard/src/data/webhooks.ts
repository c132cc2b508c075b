import type { DeliverySummary, WebhookEndpoint } from '@longhaul/client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Tone } from '../parts/badge.tsx'
import { client } from './api.ts'

export function pathOfEndpoint(id: string): string {
  return `/webhooks/${encodeURIComponent(id)}`
}

/** All endpoints of the workspace: there are at most a hundred. */
export function useEndpoints() {
  return useQuery({
    queryKey: ['webhooks'],
    queryFn: ({ signal }) => client.webhooks.list({ limit: 100 }, { signal }),
    refetchInterval: 5_000,
  })
}

export function useEventTypes() {
  return useQuery({
    queryKey: ['event-types'],
    queryFn: ({ signal }) => client.webhooks.eventTypes({ signal }),
    staleTime: Infinity,
  })
}

export type DeliveryFilter = { status: string; type: string }

/** The deliveries of an endpoint, the newest first. The first pages are read again every few seconds. */
export function useDeliveries(id: string, filter: DeliveryFilter) {
  const query = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''))
  return useInfiniteQuery({
    queryKey: ['deliveries', id, filter],
    queryFn: ({ pageParam, signal }) =>
      client.webhooks.deliveries(
        id,
        { ...query, limit: 50, ...(pageParam && { starting_after: pageParam }) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ has_more: more, data }) => (more ? data.at(-1)?.id : undefined),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 2 ? 4_000 : false),
    placeholderData: (previous) => previous,
  })
}

type State = Pick<WebhookEndpoint, 'enabled' | 'disabled_reason'>

/** Whether an endpoint receives events, and why it does not. */
export function stateOf({ enabled, disabled_reason: reason }: State): {
  label: string
  tone: Tone
  why?: string
} {
  if (enabled) return { label: 'Enabled', tone: 'good' }
  if (reason === 'gone') {
    return { label: 'Disabled', tone: 'bad', why: 'It has answered 410: it is gone.' }
  }
  if (reason === 'failing') {
    return { label: 'Disabled', tone: 'bad', why: 'Everything has failed for five days.' }
  }
  return { label: 'Disabled', tone: 'plain', why: 'A request has disabled it.' }
}

const looks: Record<DeliverySummary['status'], [label: string, tone: Tone]> = {
  pending: ['Pending', 'warn'],
  delivered: ['Delivered', 'good'],
  failed: ['Failed', 'bad'],
}

export function lookOfDelivery(status: DeliverySummary['status']): [label: string, tone: Tone] {
  return looks[status]
}
