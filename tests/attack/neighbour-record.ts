/** What beta, the neighbour, saw during an attack. Times are maxima, in milliseconds. */
export type NeighbourRecord = {
  /** The tasks of its turns. */
  tasks: string[]
  unfinished: number
  /** Unexpected replies: refusals, errors, missing replies, and streams that were cut off. */
  failures: string[]
  failed: number
  requests: number
  /** Model calls that its vendor received more than once. */
  repeatedCalls: number
  worstRequest: number
  /** From the submission until beta saw the end, without the time of its vendor. */
  worstTurn: number
  /** The time of `GET /healthz` of each process. */
  worstHealth: Record<string, number>
}

/** A message to the process of the neighbours. */
export type NeighbourOrder =
  | {
      begin: {
        url: string
        key: string
        health: { name: string; url: string }[]
        /** The delays of its vendor, turn by turn: calls of every duration are in flight at any time. */
        modelDelays: number[]
        /** The number of words in a stream. Each takes 100 ms. */
        words: number
      }
    }
  | { end: { patienceMs: number } }
