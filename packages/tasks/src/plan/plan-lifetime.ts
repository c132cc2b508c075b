/** The longest time between storing a plan and accepting its turn. */
const requestMs = 3_600_000

/**
 * How long a plan is kept after a turn begins with it, milliseconds: until the turn must have ended and its task is
 * purged. Every further turn prolongs it.
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
