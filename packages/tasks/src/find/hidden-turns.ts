import type { Delta, Fact, TakenTurn } from '@longhaul/core'

/** The entries that callers may read: all but those of deleted responses. */
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

/** The turn of the entry that follows an entry of the turn `current`. */
export function turnAt(entry: Fact | Delta, current: number): number {
  return entry.type === 'turn.started' ? entry.turn : current
}

/** The number of the first fact, from `number` on, that belongs to no deleted response. */
export function visibleFrom(
  number: number,
  { turns, hidden: softDeleted, length }: { turns: TakenTurn[]; hidden: number[]; length: number },
): number {
  const at = turns.findLastIndex(({ fact }) => fact <= number)
  const turn = turns[at]?.turn
  if (number >= length || turn === undefined || !softDeleted.includes(turn)) return number
  return visibleFrom(turns[at + 1]?.fact ?? length, { turns, hidden: softDeleted, length })
}
