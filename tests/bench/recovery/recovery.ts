import { variables } from '@longhaul/process'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Bound } from '../bounds.ts'
import { withCleanup } from '@longhaul/testbed/servers'
import { killWorkers } from './kill-workers.ts'
import { startRecoveryCluster } from './recovery-cluster.ts'
import { stopAtGrace, stopBetweenSteps } from './stop-workers.ts'
import type { Bench } from '../report.ts'
import type { Found } from './measured-times.ts'

/**
 * Measures how long a turn has no worker, by the log of the model: after a SIGKILL during a call, and when
 * a worker shuts down. With the default settings of a worker, except in a quick run.
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
