import type { TurnRef } from './turn-ref.ts'

/** What a queue job says: somebody run this segment of this turn. */
export type Job = TurnRef & { segment: number }

/** The queue: it wakes a worker and holds no state. */
export interface Queue {
  enqueue(job: Job): Promise<void>
  /** Adds the job of a queued turn again if it is lost. Whether it was. */
  restore(job: Job): Promise<boolean>
}
