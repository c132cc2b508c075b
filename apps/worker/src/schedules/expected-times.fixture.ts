import type { Schedule } from '@longhaul/core'

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

/** The minutes of a span, each with the wall time that the clocks of a zone show, as if that were UTC. */
type Minutes = { time: number; wall: number }[]

/**
 * The times of a schedule in a span: after its beginning, and not after its end. Computed without the code of the product:
 * for every minute of the span it looks what the clocks of the zone show.
 */
export function expectedTimes(
  schedule: Schedule,
  { from, until }: { from: number; until: number },
): number[] {
  const { startAt = -Infinity, endAt = Infinity } = schedule
  return timesOf(schedule, { from, until })
    .filter((time) => time > from && time >= startAt && time <= Math.min(until, endAt))
    .toSorted((a, b) => a - b)
}

function timesOf(
  { type, expression, timezone, startAt, createdAt }: Schedule,
  { from, until }: { from: number; until: number },
): number[] {
  if (type === 'once') return [Date.parse(expression.slice('@at '.length))]
  if (type === 'interval') {
    const every = Number(/\d+/.exec(expression)?.[0]) * minute
    const times: number[] = []
    for (let at = startAt ?? createdAt + every; at <= until; at += every) times.push(at)
    return times
  }
  const fields = expression.split(' ')
  const seconds = fields.length === 6 ? Number(fields.shift()) * 1_000 : 0
  const [minutes = '', hours = '', days = '', , weekdays = ''] = fields
  const allowed = {
    minutes: numbersOf(minutes, 0, 59),
    hours: numbersOf(hours, 0, 23),
    days: numbersOf(days, 1, 31),
    weekdays: numbersOf(weekdays, 0, 6),
  }
  const matches = (wall: number) => {
    const shown = new Date(wall)
    return (
      allowed.minutes.has(shown.getUTCMinutes()) &&
      allowed.hours.has(shown.getUTCHours()) &&
      allowed.days.has(shown.getUTCDate()) &&
      allowed.weekdays.has(shown.getUTCDay())
    )
  }
  const shown = minutesOf(timezone, from - day, until)
  // A pattern of every hour follows real time: it fires whenever the clocks show a time that it has.
  if (allowed.hours.size === 24) {
    return shown.filter(({ wall }) => matches(wall)).map(({ time }) => time + seconds)
  }
  return byClock(shown, { matches, seconds })
}

/** Other patterns fire once for each time that clocks show, and after a gap for the times in it. */
function byClock(
  shown: Minutes,
  { matches, seconds }: { matches: (wall: number) => boolean; seconds: number },
): number[] {
  const times = new Set<number>()
  let latest = (shown[0]?.wall ?? 0) - minute
  for (const { time, wall } of shown) {
    for (let missing = latest + minute; missing < wall; missing += minute) {
      if (matches(missing)) times.add(time)
    }
    // The clocks were set back, and show this time again.
    if (wall <= latest) continue
    latest = wall
    if (matches(wall)) times.add(time + seconds)
  }
  return [...times]
}

/** The numbers of a field of a cron expression. */
function numbersOf(field: string, least: number, most: number): Set<number> {
  const numbers = new Set<number>()
  for (const part of field.split(',')) {
    const [range = '', step = '1'] = part.split('/')
    const [first, last = first] = range === '*' ? [least, most] : range.split('-').map(Number)
    for (let at = first ?? 0; at <= (last ?? 0); at += Number(step)) numbers.add(at)
  }
  return numbers
}

const known = new Map<string, Minutes>()

function minutesOf(zone: string, from: number, until: number): Minutes {
  const name = `${zone} ${from} ${until}`
  const minutes = known.get(name) ?? readMinutes(zone, from, until)
  known.set(name, minutes)
  return minutes
}

function readMinutes(zone: string, from: number, until: number): Minutes {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const minutes: Minutes = []
  for (let time = from - (from % minute); time <= until + hour; time += minute) {
    const parts = format.formatToParts(time)
    const value = (type: string) => Number(parts.find((part) => part.type === type)?.value)
    const wall = Date.UTC(
      value('year'),
      value('month') - 1,
      value('day'),
      value('hour'),
      value('minute'),
    )
    minutes.push({ time, wall })
  }
  return minutes
}
