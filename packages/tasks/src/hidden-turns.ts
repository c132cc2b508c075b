import type { Delta, Fact } from '@longhaul/core'

/** The entries of a task that callers may read: those of deleted responses are not among them. */
export function withoutHidden<T extends Fact | Delta>(
  entries: T[],
  hidden: number[] = [],
  /** The turn of the first entry. */
  first = 1,
): T[] {
  if (hidden.length === 0) return entries
  let turn = first
  return entries.filter((entry) => {
    turn = turnAt(entry, turn)
    return !hidden.includes(turn)
  })
}

/** The turn of an entry that comes next in a task, behind one of the turn `current`. */
export function turnAt(entry: Fact | Delta, current: number): number {
  return entry.type === 'turn.started' ? entry.turn : current
}
