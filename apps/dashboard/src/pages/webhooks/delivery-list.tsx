import { useSearchParams } from 'wouter'
import { messageOf } from '../../data/api.ts'
import { useDeliveries, useEventTypes } from '../../data/webhooks.ts'
import { Choice } from '../../parts/choice.tsx'
import { EmptyState, ErrorNote } from '../../parts/empty-state.tsx'
import { DeliveryRow } from './delivery-row.tsx'

const statuses = [
  ['', 'All'],
  ['pending', 'Pending'],
  ['delivered', 'Delivered'],
  ['failed', 'Failed'],
] as const

/** The deliveries of an endpoint, the newest first. The filters are in the address. */
export function DeliveryList({ endpoint }: { endpoint: string }) {
  const [search, setSearch] = useSearchParams()
  const filter = { status: search.get('status') ?? '', type: search.get('type') ?? '' }
  const pages = useDeliveries(endpoint, filter)
  const deliveries = pages.data?.pages.flatMap(({ data }) => data) ?? []
  const types = useEventTypes().data?.data ?? []
  const set = (name: string, value: string) =>
    setSearch(
      (previous) => {
        const next = new URLSearchParams(previous)
        if (value === '') next.delete(name)
        else next.set(name, value)
        return next
      },
      { replace: true },
    )
  return (
    <section aria-labelledby="deliveries">
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <h2 id="deliveries" className="text-base font-semibold">
          Deliveries
        </h2>
        <Choice
          label="Status"
          value={filter.status}
          options={statuses}
          onChange={(value) => set('status', value)}
        />
        <select
          className="field"
          aria-label="Type"
          value={filter.type}
          onChange={({ target }) => set('type', target.value)}
        >
          <option value="">Any type</option>
          {types.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
      </div>
      {pages.error && <ErrorNote>{messageOf(pages.error)}</ErrorNote>}
      {pages.isSuccess && deliveries.length === 0 && (
        <EmptyState
          title={
            filter.status + filter.type === '' ? 'Nothing was sent yet' : 'No delivery matches'
          }
        >
          An endpoint receives what happens after its creation. Deliveries are kept for 30 days.
        </EmptyState>
      )}
      {deliveries.length > 0 && (
        <ul className="card divide-y divide-line overflow-hidden" aria-label="Deliveries">
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} />
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
            Older deliveries
          </button>
        </div>
      )}
    </section>
  )
}
