import type { TurnRef } from './turn-ref.ts'

/** A queue job: one segment of a turn, to be run by a worker. */
export type Job = TurnRef & { segment: number }

/** The queue: it wakes a worker and holds no state. */
export interface Queue {
  enqueue(job: Job): Promise<void>
  /** Adds the job of a queued turn again if it is lost. Returns whether it was lost. */
  restore(job: Job): Promise<boolean>
}
