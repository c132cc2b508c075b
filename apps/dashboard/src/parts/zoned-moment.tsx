import { relative } from '../data/format.ts'
import { ownZone, zonedTime } from '../data/zoned-time.ts'
import { useNow } from './moment.tsx'

/** A time in the zone of a schedule, and in that of the viewer where it differs. */
export function ZonedMoment({ at, zone }: { at: string; zone: string }) {
  const now = useNow()
  return (
    <time dateTime={at} className="tabular-nums">
      <span className="whitespace-nowrap">{zonedTime(at, zone)}</span>
      <span className="text-soft">
        {' '}
        {zone}
        <OwnTime at={at} zone={zone} />,{' '}
        <span className="whitespace-nowrap">{relative(Date.parse(at), now)}</span>
      </span>
    </time>
  )
}

/** The day is left out if it is the same. */
function OwnTime({ at, zone }: { at: string; zone: string }) {
  const [there, here] = [zonedTime(at, zone), zonedTime(at, ownZone)]
  if (there === here) return null
  const [day, clock] = splitLast(here)
  const isSameDay = splitLast(there)[0] === day
  return <span className="whitespace-nowrap">, {isSameDay ? clock : here} for you</span>
}

function splitLast(text: string): [day: string, clock: string] {
  const at = text.lastIndexOf(', ')
  return [text.slice(0, at), text.slice(at + 2)]
}
