import type { DoneFault } from '../evidence/evidence.ts'
import type { ScheduledKind } from './fault-kinds.ts'
import { apiFaults } from './api-faults.ts'
import { connectionFaults } from './connection-faults.ts'
import { redisFaults } from './redis-faults.ts'
import { schedulerFaults } from './scheduler-faults.ts'
import { vendorFaults } from './vendor-faults.ts'
import { workerFaults } from './worker-faults.ts'
import type { FaultAction } from './fault-actions.ts'
import type { ChaosCluster } from '../cluster/chaos-cluster.ts'
import type { Target } from './pick-target.ts'
import type { PlannedFault } from './planned-fault.ts'

/**
 * Performs a fault, ends it after the planned time, and resolves with its time and the processes that it hit. Rejects
 * when it cannot be ended.
 */
export async function performFault(
  { kind, ms, victim: share }: PlannedFault,
  hit: Target,
  cluster: ChaosCluster,
): Promise<DoneFault> {
  const from = Date.now()
  const victims = await performances[kind]({ cluster, ms, share, ...hit })
  return { kind, from, to: Date.now(), victims: victims ?? hit.names }
}

const performances: Record<ScheduledKind, FaultAction> = {
  ...workerFaults,
  ...apiFaults,
  ...redisFaults,
  ...connectionFaults,
  ...vendorFaults,
  ...schedulerFaults,
}
