import type { Metrics } from './metrics.ts'

type Options = {
  /** Why the store accepts no writes now; undefined when it does. */
  trouble: () => Promise<{ reason: string | undefined } | undefined>
  /** The number of refusals of the store, by code. */
  refusals: ReadonlyMap<string, number>
}

/** Registers the metrics of the store, which are the same in all processes. Each scrape checks the store. */
export function reportStore(metrics: Metrics, { trouble, refusals }: Options): void {
  metrics.gauges(
    'longhaul_store_trouble',
    '1 while Redis refuses writes of this process, by error code.',
    'code',
    async () => {
      // A failed check must not fail the whole scrape.
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
