import type { DoneFault } from './evidence.ts'
import type { ScheduledKind } from './fault-kinds.ts'
import { ofApis } from './faults/of-apis.ts'
import { ofLines } from './faults/of-lines.ts'
import { ofRedis } from './faults/of-redis.ts'
import { ofVendor } from './faults/of-vendor.ts'
import { ofWorkers } from './faults/of-workers.ts'
import type { Performance } from './faults/performance.ts'
import type { House } from './house.ts'
import type { Victim } from './pick-victim.ts'
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
