import { duration, share } from '../data/format.ts'
import { colourOf, groupOf, labelOf } from '../data/time-kinds.ts'

export type Total = { for: string; ms: number }

/** Where the time of a task went, as one bar. Its widths are shares of the whole time. */
export function TimeBar({
  totals,
  ms,
  isSmall = false,
}: {
  totals: Total[]
  ms: number
  isSmall?: boolean
}) {
  const groups = byGroup(totals)
  const text = groups.map(({ label, ms: of }) => `${label} ${duration(of)}`).join(', ')
  return (
    <div
      role="img"
      aria-label={`${duration(ms)}: ${text}`}
      title={text}
      className={`flex w-full overflow-hidden bg-sunken ${isSmall ? 'h-1.5 rounded-full' : 'h-7 gap-px rounded-md'}`}
    >
      {groups.map(({ name, colour, ms: of }) => (
        <span
          key={name}
          className={`${colour} h-full min-w-px`}
          style={{ width: `${(of / Math.max(1, ms)) * 100}%` }}
        />
      ))}
    </div>
  )
}

/** Each kind of time with its duration and its share; they add up to the whole. */
export function TimeLegend({ totals, ms }: { totals: Total[]; ms: number }) {
  return (
    <ul className="mt-3 grid gap-x-8 gap-y-1 sm:grid-cols-2 xl:grid-cols-3">
      {totals.map(({ for: kind, ms: of }) => (
        <li key={kind} className="flex items-center gap-2">
          <span className={`size-2.5 shrink-0 rounded-xs ${colourOf(kind)}`} aria-hidden="true" />
          <span className="truncate">{labelOf(kind)}</span>
          <span className="ml-auto text-soft tabular-nums">{share(of, ms)}</span>
          <span className="w-20 text-right font-medium tabular-nums">{duration(of)}</span>
        </li>
      ))}
    </ul>
  )
}

type Sum = { name: string; label: string; colour: string; ms: number }

function byGroup(totals: Total[]): Sum[] {
  const sums = new Map<string, Sum>()
  for (const { for: kind, ms } of totals) {
    const { name, label } = groupOf(kind)
    const sum = sums.get(name) ?? { name, label, colour: colourOf(kind), ms: 0 }
    sums.set(name, { ...sum, ms: sum.ms + ms })
  }
  return [...sums.values()]
}
