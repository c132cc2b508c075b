import type { Clock } from './schedule-clock.ts'
import type { DoneFault } from '../evidence/evidence.ts'
import { isOutage } from './fault-kinds.ts'
import type { ChaosCluster } from '../cluster/chaos-cluster.ts'
import type { AtEnd } from '../cluster/at-end.ts'
import { performFault } from './perform-fault.ts'
import { pickTarget } from './pick-target.ts'
import type { FaultPlan } from './plan-faults.ts'
import type { PlannedFault } from './planned-fault.ts'
import type { Poison } from './poison.ts'
import { awaitQuiescence } from '../cluster/await-quiescence.ts'

type Options = {
  cluster: ChaosCluster
  poison: Poison
  clock: Clock
  signal: AbortSignal
  atEnd: AtEnd
}

/** Performs the faults of a plan, and resolves with those that happened when all have ended. */
export async function performPlan(
  { deaths, troubles, outages, changes }: FaultPlan,
  { cluster, poison, clock, signal, atEnd }: Options,
): Promise<{ done: DoneFault[]; mishaps: string[] }> {
  const done: DoneFault[] = []
  const mishaps: string[] = []
  const performed: Promise<void>[] = []
  let outage = 0
  // A process that a fault starts must be ready before it can be stopped.
  atEnd(() => Promise.all(performed))

  async function perform(fault: PlannedFault): Promise<void> {
    const hit = await pickTarget(fault, cluster, signal)
    const performing = async () => {
      try {
        done.push(await performFault(fault, hit, cluster))
      } catch (error) {
        mishaps.push(`${fault.kind}: ${String(error)}`)
      }
    }
    performed.push(performing())
  }

  async function performDeaths(): Promise<void> {
    const moments = [...Map.groupBy(deaths, ({ at }) => at)]
    const lastDeaths: number[] = []
    for (const [at, victims] of moments) {
      await clock.at(at)
      await clock.during(async () => {
        await poison.over(signal)
        await awaitQuiescence(cluster, { lastDeaths, outage: () => outage, signal })
        for (const death of victims) await perform(death)
      })
      lastDeaths.push(Date.now())
    }
  }

  async function performInTurn(faults: PlannedFault[]): Promise<void> {
    for (const fault of faults) {
      await clock.at(fault.at)
      await perform(fault)
      if (isOutage(fault.kind)) outage = Date.now() + fault.ms
    }
  }
  const inTurn = [troubles, outages, changes].map(performInTurn)
  await Promise.all([performDeaths(), ...inTurn])
  await Promise.all(performed)
  await cluster.limits.clear()
  return { done, mishaps }
}
