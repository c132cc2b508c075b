import { limits } from '@longhaul/core'
import type { NamespaceCheck } from './check-namespace.ts'
import { countUsage, type UsageDeps } from './count-usage.ts'
import type { Liveness } from './liveness.ts'
import { purge, type PurgeDeps } from './purge.ts'
import { reconcile, type ReconcileDeps } from './reconcile.ts'
import { redriveDue, type RedriveDeps } from './redrive.ts'
import { relayEvents, type RelayDeps } from '../webhooks/relay-events.ts'
import type { Chore } from './run-chores.ts'
import { type SchedulesDeps, serveSchedules } from './serve-schedules.ts'

type Deps = { lockMs: number; liveness: Liveness; namespace: NamespaceCheck } & ReconcileDeps &
  PurgeDeps &
  RedriveDeps &
  RelayDeps &
  SchedulesDeps &
  UsageDeps

/** All chores of a worker. A new chore is a file and a line here. */
export function choresOf(deps: Deps): Chore[] {
  const { lockMs, liveness, namespace } = deps
  const { redriveEvery } = limits.maintenance
  return [
    // `claim.lua` relies on a quarter.
    { name: 'liveness', everyMs: lockMs / 4, firstMs: 0, jitter: 0, run: () => liveness.report() },
    { name: 'namespace', everyMs: lockMs / 2, run: () => namespace.check() },
    {
      name: 'reconcile',
      everyMs: lockMs / 2,
      // This worker may replace dead workers, whose turns have waited for a long time.
      firstMs: Math.random() * Math.min(lockMs / 8, 1_000),
      run: reconcile(deps),
      overdue: {
        afterMs: 3 * lockMs,
        reason: 'no pass of the reconciler has succeeded lately: see the log',
      },
    },
    { name: 'purge', everyMs: lockMs / 2, firstMs: 0, run: purge(deps) },
    { name: 'redrive', everyMs: redriveEvery, run: redriveDue(deps) },
    { name: 'webhooks', everyMs: limits.webhooks.every, run: relayEvents(deps) },
    {
      name: 'lost endpoints',
      everyMs: limits.webhooks.sweep,
      firstMs: limits.webhooks.again,
      run: () => deps.deliveryQueue.findLost(),
    },
    { name: 'usage', everyMs: limits.usage.every, run: countUsage(deps) },
    { name: 'schedules', everyMs: limits.schedules.every, run: serveSchedules(deps) },
  ]
}
