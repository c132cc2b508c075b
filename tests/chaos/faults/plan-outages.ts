import type { SeededRandom } from '../tasks/seeded-random.ts'
import { memoryPressure, outages, type PlannedKind } from './fault-kinds.ts'
import type { PlannedFault } from './planned-fault.ts'

type Options = { ms: number; without: readonly PlannedKind[] }

/** An outage lasts so long at least, and in a run of the usual length so long at most. Milliseconds. */
const shortest = 1_000
const longest = 60_000
const usualRun = 280_000
/** Lengths come by turns from these shares of what is between the two, as powers: most are short. */
const lengths = [0, 1 / 3, 2 / 3]
/** How long tasks that hold much have for themselves: no outage begins meanwhile. */
const pressureMs = 12_000
/** From one time of memory pressure to the next, at least; no further one comes in the last part of a run. */
const pressureEvery = 80_000
const lastPart = 0.7
/** From the end of one to the next. */
const between = [2_000, 5_000] as const

/**
 * Outages of the vendor and times of memory pressure, one after the other. An outage ends as long before
 * the end of the run as it has lasted: tries that wait between two tries wait about so long.
 */
export function planOutages(
  { ms, without }: Options,
  random: SeededRandom,
): { outages: PlannedFault[]; pressures: number[] } {
  const kinds: ((typeof outages)[number] | typeof memoryPressure)[] = [...outages, memoryPressure]
  const possible = kinds.filter((kind) => !without.includes(kind))
  const planned: PlannedFault[] = []
  const pressures: number[] = []
  if (possible.length === 0) return { outages: planned, pressures }
  const most = Math.min(longest, Math.max(shortest, (longest * ms) / usualRun))
  const draw = random.bag(possible)
  const drawLength = random.bag(lengths)
  const isOver = (at: number, drawn: number) => drawn >= possible.length && at > ms - 3 * shortest

  let at = random.between(1_000, 4_000)
  for (let drawn = 0; !isOver(at, drawn); drawn += 1) {
    const kind = draw()
    if (kind === memoryPressure && isTooMuch(at, pressures, ms)) {
      at += random.between(...between)
      continue
    }
    const share = drawLength() + random.fraction() / lengths.length
    const length = Math.min(shortest * (most / shortest) ** share, (ms - at) / 2)
    const lasts = kind === memoryPressure ? pressureMs : Math.floor(Math.max(shortest, length))
    if (kind === memoryPressure) pressures.push(at)
    else planned.push({ kind, at, ms: lasts, victim: random.fraction() })
    at += lasts + random.between(...between)
  }
  return { outages: planned, pressures }
}

/** Heavy tasks take both cores of a small machine for a while. */
function isTooMuch(at: number, earlier: number[], ms: number): boolean {
  const last = earlier.at(-1)
  return last !== undefined && (at < last + pressureEvery || at > lastPart * ms)
}
