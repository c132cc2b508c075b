import { useSyncExternalStore } from 'react'
import { relative } from '../data/format.ts'

/** One clock for the whole page, which ticks once a second. */
const listeners = new Set<() => void>()
let now = Date.now()
setInterval(() => {
  now = Date.now()
  for (const listener of listeners) listener()
}, 1_000)

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

/** A time, relative to now; its title is the absolute time. */
export function Moment({ at }: { at: string }) {
  const current = useNow()
  const time = Date.parse(at)
  return (
    <time dateTime={at} title={new Date(time).toLocaleString()} className="whitespace-nowrap">
      {relative(time, current)}
    </time>
  )
}
