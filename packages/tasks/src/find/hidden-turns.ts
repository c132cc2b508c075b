import type { Delta, Fact, TakenTurn } from '@longhaul/core'

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

/** The number of the first fact, from `number` on, that is of no deleted response. */
export function shownFrom(
  number: number,
  { turns, hidden, length }: { turns: TakenTurn[]; hidden: number[]; length: number },
): number {
  const at = turns.findLastIndex(({ fact }) => fact <= number)
  const turn = turns[at]?.turn
  if (number >= length || turn === undefined || !hidden.includes(turn)) return number
  return shownFrom(turns[at + 1]?.fact ?? length, { turns, hidden, length })
}
