import { relative } from '../data/format.ts'
import { ownZone, zonedTime } from '../data/zoned-time.ts'
import { useNow } from './moment.tsx'

/** A time in the zone of a schedule, and in that of the viewer where it differs. */
export function ZonedMoment({ at, zone }: { at: string; zone: string }) {
  const now = useNow()
  const [there, here] = [zonedTime(at, zone), zonedTime(at, ownZone)]
  return (
    <time dateTime={at} className="tabular-nums">
      <span className="whitespace-nowrap">{there}</span>
      <span className="text-soft">
        {' '}
        {zone}
        {there !== here && <span className="whitespace-nowrap">, {here} for you</span>},{' '}
        <span className="whitespace-nowrap">{relative(Date.parse(at), now)}</span>
      </span>
    </time>
  )
}
