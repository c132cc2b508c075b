import { variables } from '@longhaul/process'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Bound } from '../bounds.ts'
import { withCleanup } from '@longhaul/testbed/servers'
import { killWorkers } from './kill-workers.ts'
import { startRecoveryCluster } from './recovery-cluster.ts'
import { stopAtGrace, stopBetweenSteps } from './stop-workers.ts'
import type { Bench } from '../report.ts'

/** Milliseconds, and what must not have happened. */
export type Found = {
  afterKill: number[]
  afterStep: number[]
  afterGrace: number[]
  exits: number[]
  faults: string[]
}

/**
 * How long a turn is without a worker, by the model's own log: after a kill -9 in mid call, and when
 * a worker is told to go. At the settings that a worker has by itself, but for a quick run.
 */
export const recovery: Bench = ({ quick, progress }) =>
  withCleanup(async (atEnd) => {
    const env = quick ? { LONGHAUL_LOCK_MS: '1000', LONGHAUL_DRAIN_MS: '1000' } : {}
    const cluster = await startRecoveryCluster(atEnd, env)
    const found: Found = { afterKill: [], afterStep: [], afterGrace: [], exits: [], faults: [] }
    const part = { cluster, found, progress }
    await killWorkers({ ...part, times: quick ? 1 : 20 })
    const wakeUps = monitorEventLoopDelay({ resolution: 10 })
    wakeUps.enable()
    await stopBetweenSteps({ ...part, times: quick ? 1 : 20 })
    const late = Math.round(wakeUps.percentile(99) / 1e6 - 10)
    await stopAtGrace({ ...part, times: quick ? 1 : 4 })
    const note = `during the stops this bench itself was woken up ${late} ms late (p99): a busy machine adds a multiple of it`
    return { bounds: boundsOf(found), faults: found.faults, notes: [note] }
  })

const graceMs = variables.LONGHAUL_DRAIN_MS.parse(undefined)

function boundsOf({ afterKill, afterStep, afterGrace, exits }: Found): Bound[] {
  const elsewhere = 'asked by another worker, ms'
  const handBack = { share: 0.99, atMost: 250 }
  return [
    { what: `kill -9 → ${elsewhere}`, values: afterKill, share: 0.99, atMost: 20_000 },
    { what: `SIGTERM, end of the step → ${elsewhere}`, values: afterStep, ...handBack },
    { what: `SIGTERM, end of the grace → ${elsewhere}`, values: afterGrace, ...handBack },
    { what: 'SIGTERM → exit, ms', values: exits, share: 1, atMost: graceMs + 2_000 },
  ]
}
