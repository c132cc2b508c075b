import type { Metrics } from './metrics.ts'

type Options = {
  /** Why the store takes no writes now; undefined when it does. */
  trouble: () => Promise<{ reason: string | undefined } | undefined>
  /** How often it has refused something, by code. */
  refusals: ReadonlyMap<string, number>
}

/** The metrics of the store, the same in all processes. The store is asked at each scrape. */
export function reportStore(metrics: Metrics, { trouble, refusals }: Options): void {
  metrics.gauges(
    'longhaul_store_trouble',
    '1 while Redis refuses writes of this process, by error code.',
    'code',
    async () => {
      // A scrape must bring the other numbers, too.
      const found = await trouble().catch(() => ({ reason: undefined }))
      return found === undefined ? [] : [[found.reason ?? 'unavailable', 1]]
    },
  )
  metrics.counters(
    'longhaul_store_refusals_total',
    'Commands that Redis refused, by error code.',
    'code',
    () => refusals,
  )
}
