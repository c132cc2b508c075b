export type Status = 'queued' | 'running' | 'parked' | 'completed' | 'failed' | 'cancelled'

/** The permitted next statuses of each status. The scripts refuse all others. */
export const transitions: Readonly<Record<Status, readonly Status[]>> = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['queued', 'parked', 'completed', 'failed', 'cancelled'],
  parked: ['queued', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
}

/** Whether a turn has ended. It never changes again, and its task accepts the next turn. */
export function hasEnded(status: Status): boolean {
  return transitions[status].length === 0
}
