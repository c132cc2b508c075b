import { limits } from '@longhaul/core'
import type { Metrics } from '@longhaul/process'
import type { Backend } from '@longhaul/redis'
import { serveEndpoints, type ServeDeps } from './serve-endpoints.ts'

type Options = Omit<ServeDeps, 'draining' | 'stopped' | 'deliveryQueue' | 'leaseMs'> & {
  backend: Pick<Backend, 'openDeliveries' | 'deliveryQueue'>
  metrics: Metrics
  lockMs: number
  reportError: (fields: { err: unknown }, message: string) => void
}

export type DeliveryService = ReturnType<typeof startWebhooks>

/** Starts to send the events of endpoints. */
export function startWebhooks({ backend, metrics, lockMs, reportError, ...options }: Options) {
  const [draining, stopped] = [new AbortController(), new AbortController()]
  const deps = {
    ...options,
    ...backend,
    leaseMs: 3 * lockMs,
    draining: draining.signal,
    stopped: stopped.signal,
  }
  const consumer = backend.openDeliveries({
    concurrency: limits.webhooks.served,
    lockMs,
    run: () => serveEndpoints(deps),
    onError: (err) => reportError({ err }, 'webhook queue error'),
  })
  metrics.gauge(
    'longhaul_webhook_oldest_seconds',
    'How long an endpoint has been due that no worker serves.',
    // A failed read must not fail the whole scrape.
    async () => (await backend.deliveryQueue.oldestMs().catch(() => 0)) / 1_000,
  )
  return {
    /** Begins no more attempts, and gives those up that take longer than `graceMs`. Another worker repeats them. */
    async drain(graceMs: number): Promise<void> {
      draining.abort()
      const timer = setTimeout(() => stopped.abort(), graceMs)
      await consumer.close()
      clearTimeout(timer)
    },
  }
}
