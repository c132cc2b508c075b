import type { Cadence } from './cadence.ts'
import { offsetAt, timesOf } from './wall-time.ts'

/**
 * The first occurrence after a time. An interval counts from `anchor`.
 *
 * A pattern with fixed hours follows the clocks: a time that the clocks leave out fires at the first valid time after
 * it, and one that they show twice fires once. A pattern of every hour follows real time: it fires in each real hour,
 * also in the one that the clocks repeat, and has nothing to make up for in the one that they leave out.
 */
export function nextOccurrence(
  cadence: Cadence,
  { after, anchor }: { after: number; anchor: number },
): number | undefined {
  switch (cadence.type) {
    case 'once':
      return cadence.at > after ? cadence.at : undefined
    case 'interval': {
      const { everyMs } = cadence
      return anchor + Math.max(1, Math.floor((after - anchor) / everyMs) + 1) * everyMs
    }
    case 'cron':
      return cadence.isHourly ? nextInRealTime(cadence, after) : nextByClock(cadence, after)
  }
}

type CronCadence = Extract<Cadence, { type: 'cron' }>

function nextByClock({ timezone, nextWall }: CronCadence, after: number): number | undefined {
  let wall = nextWall(after + offsetAt(timezone, after))
  while (wall !== undefined) {
    // The times of later wall times are never earlier.
    const { after: time } = timesOf(timezone, wall)
    if (time > after) return time
    wall = nextWall(wall)
  }
  return undefined
}

/** Longer than clocks are ever set back, where a pattern of every hour matches in between. */
const longestBack = 4 * 3_600_000

function nextInRealTime({ timezone, nextWall }: CronCadence, after: number): number | undefined {
  const offset = offsetAt(timezone, after)
  const usual = nextWall(after + offset)
  if (usual === undefined) return undefined
  const candidate = usual - offset
  const isSteady = [after + longestBack, candidate].every(
    (time) => offsetAt(timezone, time) === offset,
  )
  if (isSteady) return candidate
  return nextAcrossChange({ timezone, nextWall }, after)
}

/** The clocks change soon: wall times may come twice, or not at all. */
function nextAcrossChange(
  { timezone, nextWall }: Pick<CronCadence, 'timezone' | 'nextWall'>,
  after: number,
): number | undefined {
  const offsets = [offsetAt(timezone, after), offsetAt(timezone, after + longestBack)]
  let first: number | undefined
  let wall = nextWall(after + Math.min(...offsets))
  while (wall !== undefined) {
    // No later wall time has a time before this.
    if (first !== undefined && wall - Math.max(...offsets) > first) return first
    const times = timesOf(timezone, wall).times.filter((time) => time > after)
    first = Math.min(first ?? Infinity, ...times)
    if (first === Infinity) first = undefined
    wall = nextWall(wall)
  }
  return first
}
