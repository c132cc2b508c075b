import type { TurnRef } from './turn-ref.ts'

/**
 * The queue of tickets of each shard. A ticket wakes a worker, which then claims whatever turn should start. To lose or
 * to double one is harmless.
 */
export interface Tickets {
  /** Adds a ticket. `turn` is the turn for which it is added. */
  add(shard: number, turn?: TurnRef): Promise<void>
}
