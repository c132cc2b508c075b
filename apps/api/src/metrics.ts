import { type BytesInFlight, noDemand, type OpenStreams } from '@longhaul/core'
import type { Metrics } from '@longhaul/process'
import type { TotalDemand } from '@longhaul/tasks'
import { lastKnown } from './health/last-known.ts'

type Parts = {
  wake: { watching(): number }
  operator: {
    pausedShards(): Promise<number>
    brokenTurns(): Promise<number>
    demand(): Promise<TotalDemand>
  }
  streams: OpenStreams
  connections: { count(): number }
  bytesInFlight: BytesInFlight
}

/** Reports the load of this process; the numbers of paused shards and broken turns, and the demand, at each scrape. */
export function reportLoad(metrics: Metrics, parts: Parts): void {
  const { wake, operator, streams, connections, bytesInFlight } = parts
  metrics.gauge('longhaul_watchers', 'Callers watching a task or waiting for its end.', () =>
    wake.watching(),
  )
  metrics.gauge(
    'longhaul_shards_paused',
    'Paused shards.',
    lastKnown(() => operator.pausedShards(), 0),
  )
  metrics.gauge(
    'longhaul_turns_broken',
    'Queued turns whose task cannot be read, so that they do not start.',
    lastKnown(() => operator.brokenTurns(), 0),
  )
  metrics.gauge('longhaul_open_streams', 'Streams and waiting requests.', streams.count)
  metrics.gauge('longhaul_connections', 'Connections of clients.', () => connections.count())
  metrics.gauge(
    'longhaul_bytes_in_flight',
    'Bytes of request bodies and large replies in transfer.',
    bytesInFlight.now,
  )
  reportDemand(metrics, operator)
}

/** Reports the demand for workers: the same of every API process. */
function reportDemand(metrics: Metrics, operator: Parts['operator']): void {
  const demand = lastKnown<TotalDemand>(() => operator.demand(), { ...noDemand(), slots: 0 })
  metrics.gauges(
    'longhaul_queued',
    'Queued turns by what they wait for.',
    'reason',
    async (): Promise<[string, number][]> => {
      const { startable, blocked } = await demand()
      return [['worker', startable], ...Object.entries(blocked)]
    },
  )
  metrics.gauge('longhaul_startable', 'Queued turns that only wait for a slot.', async () => {
    return (await demand()).startable
  })
  metrics.gauge(
    'longhaul_oldest_startable_seconds',
    'How long the next startable turn has waited.',
    async () => (await demand()).waitMs / 1_000,
  )
  metrics.gauge('longhaul_slots', 'Slots of all living workers.', async () => {
    return (await demand()).slots
  })
  metrics.gauge('longhaul_slots_used', 'Slots that a turn holds.', async () => {
    return (await demand()).running
  })
}
