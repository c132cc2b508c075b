import { ZonedMoment } from '../../parts/zoned-moment.tsx'

/** The next times of a schedule. */
export function UpcomingTimes({ times, zone }: { times: readonly string[]; zone: string }) {
  return (
    <ol className="grid gap-1" aria-label="Next times">
      {times.map((at) => (
        <li key={at}>
          <ZonedMoment at={at} zone={zone} />
        </li>
      ))}
    </ol>
  )
}
