import { useInfiniteQuery } from '@tanstack/react-query'
import { client, messageOf } from '../../data/api.ts'
import { EmptyState, ErrorNote } from '../../parts/empty-state.tsx'
import { DeliveryRow } from '../webhooks/delivery-row.tsx'

/** What webhook endpoints were notified of about a task. */
export function TaskDeliveries({ agent, id }: { agent: string; id: string }) {
  const pages = useInfiniteQuery({
    queryKey: ['deliveries', 'task', id],
    queryFn: ({ pageParam, signal }) =>
      client.tasks.deliveries(
        { agent, id },
        { limit: 50, ...(pageParam && { starting_after: pageParam }) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ has_more: more, last_id: last }) => (more ? last : undefined),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? 5_000 : false),
  })
  const deliveries = pages.data?.pages.flatMap(({ data }) => data) ?? []
  return (
    <>
      {pages.error && <ErrorNote>{messageOf(pages.error)}</ErrorNote>}
      {pages.isSuccess && deliveries.length === 0 && !pages.hasNextPage && (
        <EmptyState title="No webhook was sent for this task">
          Endpoints receive what happens after their creation. A request names an address of its own
          with <code>longhaul.webhook</code>.
        </EmptyState>
      )}
      {deliveries.length > 0 && (
        <ul className="card divide-y divide-line overflow-hidden" aria-label="Webhooks">
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery}>
              <span className="task-text block truncate text-soft">
                {delivery.name === '' ? delivery.url : delivery.name}
              </span>
            </DeliveryRow>
          ))}
        </ul>
      )}
      {pages.hasNextPage && (
        <div className="mt-4 text-center">
          <button
            type="button"
            className="button"
            disabled={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Older webhooks
          </button>
        </div>
      )}
    </>
  )
}
