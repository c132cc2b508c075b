import { type SeededRandom, createSeededRandom } from '../tasks/seeded-random.ts'
import {
  deaths,
  lasting,
  memoryPressure,
  type PlannedKind,
  poisoning,
  type ScheduledKind,
  schedulerChanges,
  troubles,
} from './fault-kinds.ts'
import { planOutages } from './plan-outages.ts'
import type { PlannedFault } from './planned-fault.ts'

export type FaultPlan = {
  /** In order of time. */
  deaths: PlannedFault[]
  /** In order of time. */
  troubles: PlannedFault[]
  /** In order of time. */
  outages: PlannedFault[]
  /** In order of time. */
  changes: PlannedFault[]
  /** When heavy tasks are submitted. */
  pressures: number[]
  /** When poisonous tasks are submitted. */
  poisons: number[]
  /** When the last fault has begun. */
  ms: number
}

type Options = {
  seed: number
  ms: number
  /** The least number of killed workers, including those that poisonous tasks kill. */
  kills: number
  poisons: number
  /** Kinds that the system does not support, or that the run leaves out. */
  without?: readonly PlannedKind[]
}

/**
 * Deaths come in bursts of two moments, each with one or two victims. The pause after a burst is so long
 * that each turn finds another worker and completes a step. So no turn loses three workers
 * between two steps.
 */
export const burstMs = 6_000
/** The longest time from the first to the second moment of a burst. */
export const burstLength = 1_500
/**
 * How many processes a poisonous task kills (two workers and two of its own), and how long that takes. No other fault
 * kills meanwhile.
 */
export const poisonKills = 4
const poisonMs = 25_000

/** Plans a run's faults: every kind that is not left out at least once, and the requested number of killed workers. */
export function planFaults({ seed, ms, kills, poisons, without = [] }: Options): FaultPlan {
  const random = createSeededRandom(seed)
  const struckBy = without.includes(poisoning) ? 0 : poisons
  const killed = planDeaths({ ms, kills, poisons: struckBy, without }, random)
  const end = Math.max(ms, killed.ms)
  const possible = troubles.filter((kind) => !without.includes(kind))
  const troubled = planTroubles(end, possible, random)
  const struck = planOutages({ ms: end, without }, random)
  const changeable = schedulerChanges.filter((kind) => !without.includes(kind))
  const changes = planTroubles(end, changeable, random)
  const last = [...troubled, ...struck.outages, ...changes].map(({ at }) => at)
  return { ...killed, troubles: troubled, ...struck, changes, ms: Math.max(end, ...last) }
}

/** The kinds of faults in a plan, each once. */
export function kindsOf({
  deaths: dying,
  troubles: others,
  outages,
  changes,
  poisons,
  pressures,
}: FaultPlan) {
  const kinds = [...dying, ...others, ...outages, ...changes].map(({ kind }): PlannedKind => kind)
  if (poisons.length > 0) kinds.push(poisoning)
  if (pressures.length > 0) kinds.push(memoryPressure)
  return [...new Set(kinds)]
}

type DeathOptions = { ms: number; kills: number; poisons: number; without: readonly PlannedKind[] }

function planDeaths(
  { ms, kills, poisons, without }: DeathOptions,
  random: SeededRandom,
): Pick<FaultPlan, 'deaths' | 'poisons' | 'ms'> {
  const [killed, ...others] = deaths
  const each = Math.max(1, Math.round(kills / 20))
  const left = kills - poisons * poisonKills
  const all = [
    ...Array.from({ length: Math.max(1, left) }, () => killed),
    ...others.flatMap((kind) => Array.from({ length: each }, () => kind)),
  ]
  const kinds = random.shuffled(all.filter((kind) => !without.includes(kind)))
  const capacity = Math.floor((ms - poisons * poisonMs) / burstMs)
  const bursts = Math.max(1, capacity, Math.ceil(kinds.length / 4))
  const every = Math.max(burstMs, Math.floor((ms - poisons * poisonMs) / bursts))

  const planned: PlannedFault[] = []
  const poisonTimes: number[] = []
  let at = 0
  for (let burst = 0; burst < bursts; burst += 1) {
    const share = kinds.splice(0, Math.ceil(kinds.length / (bursts - burst)))
    const second = at + random.between(200, burstLength)
    for (const [place, kind] of share.entries()) {
      planned.push(faultAt(kind, place < share.length / 2 ? at : second, random))
    }
    at += every
    if (poisonTimes.length < Math.floor(((burst + 1) * poisons) / bursts)) {
      poisonTimes.push(at)
      at += poisonMs
    }
  }
  return { deaths: planned, poisons: poisonTimes, ms: at }
}

function planTroubles(
  ms: number,
  possible: readonly ScheduledKind[],
  random: SeededRandom,
): PlannedFault[] {
  const planned: PlannedFault[] = []
  if (possible.length === 0) return planned
  const draw = random.bag(possible)
  for (let at = random.between(500, 1_500); planned.length < possible.length || at < ms;) {
    const fault = faultAt(draw(), at, random)
    planned.push(fault)
    at += fault.ms + random.between(800, 2_000)
  }
  return planned
}

function faultAt(kind: ScheduledKind, at: number, random: SeededRandom): PlannedFault {
  const [least, most] = lasting[kind] ?? [0, 0]
  return { kind, at, ms: random.between(least, most), victim: random.fraction() }
}
