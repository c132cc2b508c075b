/** Between the moment a plan is kept and the one its turn is accepted: a request may take long. */
const requestMs = 3_600_000

/**
 * For how long a plan is kept from the moment a turn begins with it, milliseconds: until the turn must have ended
 * and its task is purged. Every further turn keeps it anew.
 */
export function planLifetime({
  turnDeadlineMs,
  retentionMs,
}: {
  turnDeadlineMs: number
  retentionMs: number
}): number {
  return turnDeadlineMs + retentionMs + requestMs
}
