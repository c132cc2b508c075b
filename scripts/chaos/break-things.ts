import type { DoneFault } from './evidence.ts'
import type { AtEnd, House } from './house.ts'
import { performFault } from './perform-fault.ts'
import { pickVictim } from './pick-victim.ts'
import { burstLength, type FaultPlan, type PlannedFault } from './plan-faults.ts'
import type { Poison } from './poison.ts'
import { respite } from './respite.ts'

type Options = {
  house: House
  poison: Poison
  /** Waits until so many milliseconds after the start. */
  at: (ms: number) => Promise<unknown>
  signal: AbortSignal
  atEnd: AtEnd
}

/** Breaks what the plan says, and tells what came of it when all is mended. */
export async function breakThings(
  { deaths, troubles }: FaultPlan,
  { house, poison, at, signal, atEnd }: Options,
): Promise<{ done: DoneFault[]; mishaps: string[] }> {
  const done: DoneFault[] = []
  const mishaps: string[] = []
  const performed: Promise<void>[] = []
  // What a fault starts must have come up before it can be ended.
  atEnd(() => Promise.all(performed))

  async function perform(fault: PlannedFault): Promise<void> {
    const hit = await pickVictim(fault, house, signal)
    const performing = async () => {
      try {
        done.push(await performFault(fault, hit, house))
      } catch (error) {
        mishaps.push(`${fault.kind}: ${String(error)}`)
      }
    }
    performed.push(performing())
  }

  /** What was late makes all that follow late, or they would come too close. */
  async function performDeaths(): Promise<void> {
    let late = 0
    let lastDeathAt = 0
    let before = -Infinity
    for (const death of deaths) {
      await at(death.at + late)
      const due = Date.now()
      if (death.at - before > burstLength) {
        await poison.over(signal)
        await respite(house.control, { lastDeathAt, signal })
      }
      await perform(death)
      lastDeathAt = Date.now()
      before = death.at
      late += lastDeathAt - due
    }
  }

  async function performTroubles(): Promise<void> {
    for (const trouble of troubles) {
      await at(trouble.at)
      await perform(trouble)
    }
  }
  await Promise.all([performDeaths(), performTroubles()])
  await Promise.all(performed)
  return { done, mishaps }
}
