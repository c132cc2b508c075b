/*
 * A wall time is what a clock of a zone shows, as the epoch milliseconds of the same date and time in UTC. So wall times
 * can be compared and added like times.
 */

const formats = new Map<string, Intl.DateTimeFormat>()
/** The number of zones that a process remembers. */
const zonesKept = 500

/** Throws a RangeError for an unknown zone. */
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    if (formats.size >= zonesKept) formats.clear()
    formats.set(zone, format)
  }
  return format
}

export function isTimeZone(zone: string): boolean {
  // Offsets such as +02:00 are zones for some engines. A name tells what is meant, and includes daylight saving.
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

/** How far the clocks of a zone are ahead of UTC at a time, milliseconds. */
export function offsetAt(zone: string, time: number): number {
  if (zone === 'UTC') return 0
  const [, sign, hours, minutes = '0', seconds = '0'] =
    /GMT(?:([+-])(\d\d):?(\d\d)?(?::(\d\d))?)?$/.exec(formatOf(zone).format(time)) ?? []
  if (sign === undefined) return 0
  const ahead = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000
  return sign === '-' ? -ahead : ahead
}

/** Longer than any change of a zone's clocks: Samoa once left a whole day out. */
const longestChange = 2 * 86_400_000

/**
 * The times at which the clocks of a zone show a wall time: one, or two when the clocks were set back. None when they
 * were set forward over it: then `after` is the first time after the gap.
 */
export function timesOf(zone: string, wall: number): { times: number[]; after: number } {
  const before = offsetAt(zone, wall - longestChange)
  const later = offsetAt(zone, wall + longestChange)
  const times = [...new Set([before, later])]
    .map((offset) => wall - offset)
    .filter((time) => time + offsetAt(zone, time) === wall)
    .toSorted((a, b) => a - b)
  const [first] = times
  if (first !== undefined) return { times, after: first }
  return { times: [], after: changeBetween(zone, wall - later, wall - before) }
}

/** The first time after `from`, and not after `to`, at which the offset of `to` applies. */
function changeBetween(zone: string, from: number, to: number): number {
  const offset = offsetAt(zone, to)
  let [low, high] = [from, to]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(zone, middle) === offset) high = middle
    else low = middle
  }
  return high
}
