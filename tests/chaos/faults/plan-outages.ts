import type { SeededRandom } from '../tasks/seeded-random.ts'
import { memoryPressure, outages, type PlannedKind } from './fault-kinds.ts'
import type { PlannedFault } from './planned-fault.ts'

type Options = { ms: number; without: readonly PlannedKind[] }

/** The shortest outage, and the longest one in a run of the usual length. In milliseconds. */
const shortest = 1_000
const longest = 60_000
const usualRun = 280_000
/** Durations take turns in these parts of the range between the two, on a power scale: most are short. */
const lengths = [0, 1 / 3, 2 / 3]
/** The time reserved for heavy tasks: no outage begins meanwhile. */
const pressureMs = 12_000
/** The least time between two memory pressures. None comes in the last part of a run. */
const pressureEvery = 80_000
const lastPart = 0.7
/** The time from the end of one to the start of the next. */
const between = [2_000, 5_000] as const

/**
 * Plans outages of the vendor and memory pressures, one after the other. An outage ends as long before
 * the end of the run as it has lasted: the pause between two tries of a call is about that long.
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

/** Heavy tasks use both cores of a small machine for a while. */
function isTooMuch(at: number, earlier: number[], ms: number): boolean {
  const last = earlier.at(-1)
  return last !== undefined && (at < last + pressureEvery || at > lastPart * ms)
}
