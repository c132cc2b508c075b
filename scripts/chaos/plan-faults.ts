import { type Chance, createChance } from './chance.ts'

/** One thing that goes wrong: when (milliseconds from the start), for how long, and to whom. */
export type PlannedFault = {
  kind: FaultKind
  at: number
  ms: number
  /** Which of those that could be hit, from 0 to 1: who lives then is not known yet. */
  victim: number
}

/** A worker's turns must find another one: it is killed, frozen, or cut off from Redis. */
export const deaths = ['worker killed', 'worker frozen', 'worker cut off'] as const

/** Everything else; all of these come one after the other. */
export const troubles = [
  'workers restarted',
  'API killed',
  'API restarted',
  'API cut off',
  'Redis killed',
  'Redis frozen',
  'Redis full',
  'Redis read-only',
  'scripts flushed',
  'Redis connections reset',
  'Redis slow',
  'model connections reset',
  'model slow',
  'tool connections reset',
  'client connections reset',
] as const

export type FaultKind = (typeof deaths)[number] | (typeof troubles)[number]

export const faultKinds: readonly FaultKind[] = [...deaths, ...troubles]

/** How long each lasts, milliseconds from and to; what is not here lasts no time. */
const lasting: Partial<Record<FaultKind, readonly [number, number]>> = {
  'worker frozen': [4_000, 8_000],
  'worker cut off': [4_000, 7_000],
  'API killed': [0, 500],
  'API cut off': [2_000, 5_000],
  'Redis killed': [100, 1_200],
  'Redis frozen': [1_000, 3_000],
  'Redis full': [800, 2_500],
  'Redis read-only': [800, 2_000],
  'Redis slow': [2_000, 4_000],
  'model slow': [2_000, 4_000],
}

/**
 * How long after a worker's death its turns are surely another one's, and one step further. Deaths
 * come two and two, and then none for as long: no turn loses three workers between two steps.
 */
export const takeover = 4_500

/** A run's faults, in order of time: every kind at least once, and workers killed at least so often. */
export function planFaults(options: { seed: number; ms: number; kills: number }): PlannedFault[] {
  const chance = createChance(options.seed)
  return [...planDeaths(options, chance), ...planTroubles(options.ms, chance)].toSorted(
    (a, b) => a.at - b.at,
  )
}

function planDeaths({ ms, kills }: { ms: number; kills: number }, chance: Chance): PlannedFault[] {
  const others = Math.max(1, Math.round(kills / 10))
  const kinds: FaultKind[] = chance.shuffled([
    ...Array.from({ length: kills }, () => deaths[0]),
    ...Array.from({ length: others }, () => deaths[1]),
    ...Array.from({ length: others }, () => deaths[2]),
  ])
  const pairs = Math.ceil(kinds.length / 2)
  const every = Math.max(ms / pairs, takeover + 1_500)
  return kinds.map((kind, place) => {
    const gap = place % 2 === 0 ? 0 : chance.between(200, 1_500)
    return faultAt(kind, Math.floor(place / 2) * every + gap, chance)
  })
}

function planTroubles(ms: number, chance: Chance): PlannedFault[] {
  const planned: PlannedFault[] = []
  const draw = chance.bag(troubles)
  for (let at = chance.between(500, 1_500); planned.length < troubles.length || at < ms;) {
    const fault = faultAt(draw(), at, chance)
    planned.push(fault)
    at += fault.ms + chance.between(800, 2_000)
  }
  return planned
}

function faultAt(kind: FaultKind, at: number, chance: Chance): PlannedFault {
  const [least, most] = lasting[kind] ?? [0, 0]
  return { kind, at, ms: chance.between(least, most), victim: chance.fraction() }
}
