import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCadence } from './cadence.ts'
import { nextOccurrence } from './next-occurrence.ts'

const iso = (time: number | undefined) =>
  time === undefined ? 'never' : new Date(time).toISOString().slice(0, 16)

function cron(expression: string, timezone: string, from: string, count: number): string[] {
  const cadence = parseCadence({ type: 'cron', expression, timezone })
  const times: string[] = []
  let after = Date.parse(from)
  while (times.length < count) {
    const next = nextOccurrence(cadence, { after, anchor: 0 })
    times.push(iso(next))
    if (next === undefined) break
    after = next
  }
  return times
}

describe('where the clocks are set forward', () => {
  test('a time that does not exist fires at the first valid minute', () => {
    expect(cron('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', 2)).toEqual([
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ])
    // Two times of the gap are one.
    expect(cron('*/30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', 3)).toEqual([
      '2026-03-29T01:00',
      '2026-03-30T00:00',
      '2026-03-30T00:30',
    ])
    expect(cron('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T12:00Z', 1)).toEqual([
      '2026-10-03T15:30',
    ])
    // Samoa had no 30 December 2011.
    expect(cron('0 9 30 12 *', 'Pacific/Apia', '2011-12-01T00:00Z', 1)).toEqual([
      '2011-12-30T10:00',
    ])
  })

  test('a pattern of every hour fires in each real hour', () => {
    expect(cron('30 * * * *', 'Europe/Berlin', '2026-03-29T00:00Z', 3)).toEqual([
      '2026-03-29T00:30',
      '2026-03-29T01:30',
      '2026-03-29T02:30',
    ])
  })
})

describe('where the clocks are set back', () => {
  test('a fixed hour fires once', () => {
    expect(cron('0 30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 2)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ])
    expect(cron('*/30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 3)).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T00:30',
      '2026-10-26T01:00',
    ])
  })

  test('a pattern of every hour fires in each real hour', () => {
    expect(cron('30 0-23 * * *', 'America/New_York', '2026-11-01T05:00Z', 3)).toEqual([
      '2026-11-01T05:30',
      '2026-11-01T06:30',
      '2026-11-01T07:30',
    ])
  })
})

test('an expression that is no cadence is refused with its reason', () => {
  const wrong: [type: 'cron' | 'once' | 'interval', expression: string][] = [
    ['cron', '* * * *'],
    ['cron', '61 * * * *'],
    ['cron', '* * * * * *'],
    ['cron', '*/5 * * * * *'],
    ['cron', '0 0 0 1 1 * 2027'],
    ['cron', 'every day'],
    ['once', '2030-01-01T00:00:00Z'],
    ['once', '@at 2030-01-01'],
    ['interval', '@every 30s'],
    ['interval', '@every'],
    ['interval', '@every 9000h'],
  ]
  for (const [type, expression] of wrong) {
    const parse = () => parseCadence({ type, expression, timezone: 'UTC' })
    expect(parse).toThrow(expect.objectContaining({ reason: 'invalid_expression' }))
  }
})

test('intervals count from their anchor', () => {
  const cadence = parseCadence({ type: 'interval', expression: '@every 1h30m', timezone: 'UTC' })
  const hour = 3_600_000
  expect(nextOccurrence(cadence, { after: 0, anchor: 0 })).toBe(1.5 * hour)
  expect(nextOccurrence(cadence, { after: 1.5 * hour, anchor: 0 })).toBe(3 * hour)
  expect(nextOccurrence(cadence, { after: -hour, anchor: 0 })).toBe(1.5 * hour)
})

/** Reads a clock of the zone. It shares nothing with the code under test. */
function clockOf(zone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    day: 'numeric',
    month: 'numeric',
    year: 'numeric',
  })
  return (time: number) => {
    const parts = Object.fromEntries(
      format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
    )
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts
    return { hour, minute, wall: Date.UTC(year, month - 1, day, hour, minute) }
  }
}

const minuteMs = 60_000

/** All occurrences between two times, found minute by minute. */
function expected(
  { minutes, hours }: { minutes: number[]; hours: number[] | undefined },
  { zone, from, to }: { zone: string; from: number; to: number },
): number[] {
  const clock = clockOf(zone)
  const seen = new Set<number>()
  const times: number[] = []
  const fits = (wall: number) => {
    const at = new Date(wall)
    return minutes.includes(at.getUTCMinutes()) && (hours?.includes(at.getUTCHours()) ?? true)
  }
  let { wall: last } = clock(from - minuteMs)
  for (let before = from - 3 * 60 * minuteMs; before < from; before += minuteMs)
    seen.add(clock(before).wall)
  for (let time = from; time <= to; time += minuteMs) {
    const { wall } = clock(time)
    let fires = fits(wall) && (hours === undefined || !seen.has(wall))
    const until = hours === undefined ? 0 : wall
    for (let missing = last + minuteMs; missing < until; missing += minuteMs) {
      fires ||= fits(missing)
    }
    seen.add(wall)
    last = wall
    if (fires) times.push(time)
  }
  return times
}

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Sao_Paulo',
]
/** Days around which some of these zones change their clocks. */
const days = [
  '2026-03-29',
  '2026-10-25',
  '2026-03-08',
  '2026-11-01',
  '2026-04-05',
  '2026-10-04',
  '2026-09-06',
  '2026-02-15',
  '2026-03-22',
  '2011-12-30',
  '2018-11-04',
  '2026-06-15',
]

const some = (max: number) =>
  fc
    .uniqueArray(fc.nat(max), { minLength: 1, maxLength: 3 })
    .map((list) => list.toSorted((a, b) => a - b))

test('a schedule fires at exactly the times that a clock of its zone shows', () => {
  const runs = fc.record({
    zone: fc.constantFrom(...zones),
    day: fc.constantFrom(...days),
    minutes: some(59),
    hours: fc.option(some(23), { nil: undefined }),
  })
  fc.assert(
    fc.property(runs, ({ zone, day, minutes, hours }) => {
      const from = Date.parse(`${day}T00:00Z`) - 12 * 60 * minuteMs
      const to = from + 48 * 60 * minuteMs
      const expression = `${minutes.join()} ${hours?.join() ?? '*'} * * *`
      const cadence = parseCadence({ type: 'cron', expression, timezone: zone })
      const times: number[] = []
      for (let after = from - 1; ;) {
        const next = nextOccurrence(cadence, { after, anchor: 0 })
        if (next === undefined || next > to) break
        times.push(next)
        after = next
      }
      expect(times.map(iso)).toEqual(expected({ minutes, hours }, { zone, from, to }).map(iso))
    }),
    { numRuns: 60 },
  )
})
