export type Status = 'queued' | 'running' | 'parked' | 'completed' | 'failed' | 'cancelled'

/** Where a turn may go from each status. The scripts refuse every other move. */
export const transitions: Readonly<Record<Status, readonly Status[]>> = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['queued', 'parked', 'completed', 'failed', 'cancelled'],
  parked: ['queued', 'failed', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
}

/** An ended turn never changes again; a task whose latest turn has ended takes the next one. */
export function hasEnded(status: Status): boolean {
  return transitions[status].length === 0
}
