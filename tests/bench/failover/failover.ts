import { withCleanup } from '@longhaul/testbed/servers'
import type { Bench } from '../report.ts'
import { runFailover, type Safety } from './run-failover.ts'
import { runWrites } from './run-writes.ts'

/** How long the replica receives nothing before the primary is killed. */
const lags = [0, 500, 4_000]

const settings: Record<string, Safety> = {
  'no setting': {},
  'min-replicas-to-write 1, min-replicas-max-lag 1': { maxLag: 1 },
  'min-replicas-to-write 1, min-replicas-max-lag 10': { maxLag: 10 },
}

/**
 * Measures what a failover loses under load, with and without `min-replicas-to-write` and `WAIT`. The replica receives
 * nothing for a while, as on a network without connection, before the primary is killed and the replica replaces it.
 */
export const failover: Bench = async ({ quick, progress }) => {
  const notes: string[] = []
  const note = (text: string) => {
    progress(text)
    notes.push(text)
  }
  for (const lagMs of quick ? lags.slice(0, 2) : lags) {
    for (const [name, safety] of Object.entries(settings)) {
      const { accepted, refused, lost, afterMs } = await withCleanup((atEnd) =>
        runFailover({ lagMs, safety }, atEnd),
      )
      note(
        `${name}, replica cut off for ${lagMs} ms: ${lost} of ${accepted} accepted tasks lost, ${refused} requests refused, accepted again after ${afterMs} ms`,
      )
    }
  }
  const unconfirmed: number[] = []
  for (const waits of [false, true]) {
    const found = await withCleanup((atEnd) => runWrites({ waits, ms: quick ? 500 : 4_000 }, atEnd))
    const { perSecond, p50, written, lost } = found
    if (waits) unconfirmed.push(lost)
    note(
      `writes ${waits ? 'with' : 'without'} WAIT 1: ${Math.round(perSecond)} a second, p50 ${p50.toFixed(2)} ms; lost ${lost} of ${written} ${waits ? 'that it confirmed' : 'that were acknowledged'}`,
    )
  }
  const what = 'lost writes that WAIT had confirmed'
  return { bounds: [{ what, values: unconfirmed, share: 1, atMost: 0 }], faults: [], notes }
}
