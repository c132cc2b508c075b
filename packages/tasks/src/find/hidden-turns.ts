import type { Delta, Fact, TakenTurn } from '@longhaul/core'

/** The entries of a task that callers may read: those of deleted responses are not among them. */
export function withoutSoftDeleted<T extends Fact | Delta>(
  entries: T[],
  softDeleted: number[] = [],
  /** The turn of the first entry. */
  first = 1,
): T[] {
  if (softDeleted.length === 0) return entries
  let turn = first
  return entries.filter((entry) => {
    turn = turnAt(entry, turn)
    return !softDeleted.includes(turn)
  })
}

/** The turn of an entry that comes next in a task, behind one of the turn `current`. */
export function turnAt(entry: Fact | Delta, current: number): number {
  return entry.type === 'turn.started' ? entry.turn : current
}

/** The number of the first fact, from `number` on, that is of no deleted response. */
export function visibleFrom(
  number: number,
  { turns, hidden: softDeleted, length }: { turns: TakenTurn[]; hidden: number[]; length: number },
): number {
  const at = turns.findLastIndex(({ fact }) => fact <= number)
  const turn = turns[at]?.turn
  if (number >= length || turn === undefined || !softDeleted.includes(turn)) return number
  return visibleFrom(turns[at + 1]?.fact ?? length, { turns, hidden: softDeleted, length })
}
