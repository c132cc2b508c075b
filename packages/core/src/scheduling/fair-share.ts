/** The claim of a workspace, or of a fairness key, to the slots of the workers. */
export type SlotShare = {
  /** The number of its turns that hold a slot. */
  running: number
  weight: number
  /** The slot time that it has used, divided by its weight: milliseconds. */
  virtualTime: number
}

/**
 * Who is next: the one with the fewest running turns for its weight, then the one that has used the least time. The
 * number of running turns alone would give one slot to long turns almost all of the time.
 */
export function compareShares(a: SlotShare, b: SlotShare): number {
  return a.running / a.weight - b.running / b.weight || a.virtualTime - b.virtualTime
}

/**
 * The virtual time after a turn has held a slot for `ms` milliseconds. The shortest turn costs something, too: otherwise
 * those with such turns would be first forever.
 */
export function afterTurn({ weight, virtualTime }: SlotShare, ms: number): number {
  return virtualTime + Math.max(1, Math.floor(ms / weight))
}

/**
 * The virtual time of one that had nothing to start and returns, where `current` is the latest virtual time at which a
 * turn has started: waiting time without work is no credit.
 */
export function onReturn(virtualTime: number, current: number): number {
  return Math.max(virtualTime, current)
}
