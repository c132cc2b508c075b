import type { DoneFault } from '../evidence/evidence.ts'
import type { ScheduledKind } from './fault-kinds.ts'
import { ofApis } from './api-faults.ts'
import { ofLines } from './connection-faults.ts'
import { ofRedis } from './redis-faults.ts'
import { ofVendor } from './vendor-faults.ts'
import { ofWorkers } from './worker-faults.ts'
import type { Performance } from './fault-actions.ts'
import type { House } from '../cluster/chaos-cluster.ts'
import type { Victim } from './pick-target.ts'
import type { PlannedFault } from './plan-faults.ts'

/** Breaks something, mends it after the planned time, and tells when and whom it hit. Rejects when it cannot be mended. */
export async function performFault(
  { kind, ms }: PlannedFault,
  hit: Victim,
  house: House,
): Promise<DoneFault> {
  const from = Date.now()
  const victims = await performances[kind]({ house, ms, ...hit })
  return { kind, from, to: Date.now(), victims: victims ?? hit.names }
}

const performances: Record<ScheduledKind, Performance> = {
  ...ofWorkers,
  ...ofApis,
  ...ofRedis,
  ...ofLines,
  ...ofVendor,
}
