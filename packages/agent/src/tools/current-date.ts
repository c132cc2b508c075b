import { cutText } from '@longhaul/core'
import { LRUCache } from 'lru-cache'

type CurrentDate = { date: string; weekday: string; timezone: string }

/** The current time in a time zone. */
export function currentDate(
  { timezone = 'UTC' }: Record<string, unknown>,
  { now }: { now: number },
): CurrentDate {
  const zone = zoneOf(timezone)
  const second = Math.floor(now / 1_000)
  if (zone.latest?.second !== second) zone.latest = { second, value: dateIn(zone, now) }
  return { ...zone.latest.value }
}

function dateIn({ formatter, name }: Zone, now: number): CurrentDate {
  const part = partsOf(new Date(now), formatter)
  const offset = part('timeZoneName').slice('GMT'.length)
  const day = `${part('year')}-${part('month')}-${part('day')}`
  const time = `${part('hour')}:${part('minute')}:${part('second')}`
  return {
    date: `${day}T${time}${offset === '' || offset === '+00:00' ? 'Z' : offset}`,
    weekday: part('weekday'),
    timezone: name,
  }
}

/** A time zone, and its latest time: many calls in one second have the same result, and formatting is slow. */
type Zone = {
  formatter: Intl.DateTimeFormat
  name: string
  latest?: { second: number; value: CurrentDate }
}

/** Making one costs more than the rest of the call, so the latest ones are kept. */
const zones = new LRUCache<string, Zone>({ max: 50 })

function zoneOf(timezone: unknown): Zone {
  try {
    if (typeof timezone !== 'string') throw new TypeError('not a string')
    const known = zones.get(timezone)
    if (known !== undefined) return known
    const formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      weekday: 'long',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    })
    const made: Zone = { formatter, name: formatter.resolvedOptions().timeZone }
    zones.set(timezone, made)
    return made
  } catch (error) {
    const given = cutText(JSON.stringify(timezone), 100)
    throw new Error(`${given} is not a time zone; use an IANA name such as "Europe/Berlin"`, {
      cause: error,
    })
  }
}

function partsOf(
  date: Date,
  formatter: Intl.DateTimeFormat,
): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = formatter.formatToParts(date)
  return (type) => parts.find((part) => part.type === type)?.value ?? ''
}
