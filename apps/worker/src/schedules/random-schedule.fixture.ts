import type { Schedule } from '@longhaul/core'

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000]
export type Random = ReturnType<typeof createRandom>

/** Random choices of a seed (mulberry32). */
export function createRandom(seed: number) {
  let state = seed
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (least: number, most: number) =>
    least + Math.floor(fraction() * (most - least + 1))
  return {
    fraction,
    between,
    chance: (probability: number) => fraction() < probability,
    pick: <T>(items: readonly T[]): T => items[between(0, items.length - 1)] as T,
  }
}

/** Zones whose clocks change at different times of the day, by an hour or by half an hour, and some that never change. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'Atlantic/Azores',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
]

/** Days on which the clocks of some of these zones change. */
const changes = [
  '2026-09-06',
  '2026-09-27',
  '2026-10-04',
  '2026-10-25',
  '2026-10-30',
  '2026-11-01',
  '2027-03-14',
  '2027-03-28',
  '2027-04-04',
  '2027-04-30',
]

/** A span of two days in which some clocks change. */
export function randomSpan(random: Random): { from: number; until: number } {
  const from = Date.parse(random.pick(changes)) - random.between(8 * hour, 30 * hour)
  return { from, until: from + 2 * day }
}

const windows = { PT1M: minute, PT10M: 10 * minute, PT1H: hour, PT6H: 6 * hour }

type Own = Pick<Schedule, 'id' | 'workspace' | 'agentId'>

/** A schedule that ends with the span. */
export function randomSchedule(
  own: Own,
  { from, until }: { from: number; until: number },
  random: Random,
): Schedule {
  const window = random.pick(Object.keys(windows) as (keyof typeof windows)[])
  const isLate = random.chance(0.2)
  return {
    ...own,
    ...timesOf({ from, until }, random),
    timezone: random.pick(zones),
    payload: { input: 'go' },
    overlap: random.pick(['skip', 'queue', 'cancel_previous', 'allow']),
    catchUp: {
      window,
      windowMs: windows[window],
      runs: random.pick(['latest', 'none', 'all']),
    },
    ...(random.chance(0.3) && { spread: { text: '10m', ms: 10 * minute } }),
    ...(isLate && { startAt: from + random.between(0, 12 * 60) * minute }),
    endAt: until,
    continueTask: false,
    createdAt: from,
    createdBy: 'test',
    updatedAt: from,
  }
}

function timesOf(
  { from, until }: { from: number; until: number },
  random: Random,
): Pick<Schedule, 'type' | 'expression'> {
  if (random.chance(0.1)) {
    const at = from + random.between(minute, until - from - minute)
    return { type: 'once', expression: `@at ${new Date(at - (at % second)).toISOString()}` }
  }
  if (random.chance(0.2)) {
    return { type: 'interval', expression: `@every ${random.between(17, 300)}m` }
  }
  const minutes = random.pick(['0', '30', '15,45', '*/20', '59', '5'])
  const hours = random.pick([
    '*',
    '0',
    '1',
    '2',
    '3',
    '2,3',
    '0-4',
    '1-3',
    '23',
    '*/6',
    '*/2',
    '9,21',
    '*',
    '*/1',
  ])
  const days = random.chance(0.1) ? random.pick(['1,4,25', '28-31', '*/2']) : '*'
  const weekdays =
    days === '*' && random.chance(0.3) ? random.pick(['1-5', '0', '5,6', '0-6']) : '*'
  const pattern = `${minutes} ${hours} ${days} * ${weekdays}`
  return {
    type: 'cron',
    expression: random.chance(0.2) ? `${random.pick([0, 30, 59])} ${pattern}` : pattern,
  }
}
