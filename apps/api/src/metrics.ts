import type { BytesInFlight, OpenStreams } from '@longhaul/core'
import type { Metrics } from '@longhaul/process'
import { lastKnown } from './health/last-known.ts'

type Parts = {
  wake: { watching(): number }
  operator: { pausedShards(): Promise<number>; brokenTurns(): Promise<number> }
  streams: OpenStreams
  connections: { count(): number }
  bytesInFlight: BytesInFlight
}

/** Reports the load of this process and the numbers of paused shards and broken turns at each scrape. */
export function reportLoad(metrics: Metrics, parts: Parts): void {
  const { wake, operator, streams, connections, bytesInFlight } = parts
  metrics.gauge('longhaul_watchers', 'Callers watching a task or waiting for its end.', () =>
    wake.watching(),
  )
  metrics.gauge(
    'longhaul_shards_paused',
    'Paused shards.',
    lastKnown(() => operator.pausedShards()),
  )
  metrics.gauge(
    'longhaul_turns_broken',
    'Queued turns whose task cannot be read, so that they do not start.',
    lastKnown(() => operator.brokenTurns()),
  )
  metrics.gauge('longhaul_open_streams', 'Streams and waiting requests.', streams.count)
  metrics.gauge('longhaul_connections', 'Connections of clients.', () => connections.count())
  metrics.gauge(
    'longhaul_bytes_in_flight',
    'Bytes of request bodies and large replies in transfer.',
    bytesInFlight.now,
  )
}
