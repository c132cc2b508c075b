import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client, messageOf } from '../../data/api.ts'
import { count, duration } from '../../data/format.ts'
import { labelOf } from '../../data/time-kinds.ts'
import { ErrorNote } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Figure, PageHead } from '../../parts/page-head.tsx'

/** The state of the installation, for its operator: turns, why they wait, and the workers. */
export function OperatorOverview() {
  const queries = useQueryClient()
  const { data, error } = useQuery({
    queryKey: ['admin'],
    queryFn: ({ signal }) => client.admin.overview({ signal }),
    refetchInterval: 2_000,
  })
  const { data: scale } = useQuery({
    queryKey: ['scale'],
    queryFn: ({ signal }) => client.admin.scale({ signal }),
    refetchInterval: 2_000,
  })
  const pause = useMutation({
    mutationFn: (paused: boolean) => (paused ? client.admin.pause() : client.admin.resume()),
    onSettled: () => queries.invalidateQueries(),
  })
  const total = data?.total
  const blocked = Object.entries(scale?.blocked ?? {}).filter(([, turns]) => turns > 0)
  return (
    <>
      <PageHead title="Overview">
        {total && (
          <button type="button" className="button" onClick={() => pause.mutate(!total.paused)}>
            {total.paused ? 'Resume the workers' : 'Pause the workers'}
          </button>
        )}
      </PageHead>
      {error && <ErrorNote>{messageOf(error)}</ErrorNote>}
      {total?.paused === true && (
        <p className="mb-3 rounded-lg bg-warn-soft px-4 py-3 text-warn">The workers are paused.</p>
      )}
      {total && scale && (
        <dl className="grid grid-cols-2 gap-3 md:grid-cols-4">
          <Figure label="Running" note={`${count(scale.slots)} slots`}>
            {count(total.running)}
          </Figure>
          <Figure label="Queued" note={`${count(scale.startable)} could start now`}>
            {count(total.queued)}
          </Figure>
          <Figure label="Parked">{count(total.parked)}</Figure>
          <Figure label="Failed, stored">{count(total.failed)}</Figure>
          <Figure label="The next one has waited">
            {duration(scale.oldest_startable_seconds * 1_000)}
          </Figure>
          <Figure label="Demand for slots">{count(scale.demand)}</Figure>
          <Figure label="Leases that have expired">{count(total.leases_expired)}</Figure>
          <Figure label="Unreadable">{count(total.broken)}</Figure>
        </dl>
      )}
      {blocked.length > 0 && (
        <section className="card mt-4 p-4" aria-label="Queued, by reason">
          <h2 className="mb-2 font-semibold">Queued, by reason</h2>
          <ul>
            {blocked.map(([kind, turns]) => (
              <li key={kind} className="flex gap-3">
                {labelOf(kind)} <span className="ml-auto tabular-nums">{count(turns)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="card mt-4 overflow-x-auto p-4" aria-label="Workers">
        <h2 className="mb-2 font-semibold">Workers</h2>
        <table className="w-full text-left">
          <thead className="text-xs text-soft">
            <tr>
              <th className="py-1 font-medium">Process</th>
              <th className="font-medium">State</th>
              <th className="font-medium">Last heartbeat</th>
            </tr>
          </thead>
          <tbody>
            {data?.workers.map(({ id, alive, last_beat: beat }) => (
              <tr key={id} className="border-t border-line">
                <td className="py-1.5 font-mono text-xs">{id}</td>
                <td className={alive ? 'text-good' : 'text-bad'}>{alive ? 'alive' : 'silent'}</td>
                <td>
                  <Moment at={beat} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {data?.workers.length === 0 && (
          <p className="text-soft">No worker is alive. Start one: npm run worker</p>
        )}
      </section>
    </>
  )
}
