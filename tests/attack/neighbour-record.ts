/** What beta saw while alpha attacked. Times are the worst, in milliseconds. */
export type NeighbourRecord = {
  /** Its turns, by task. */
  tasks: string[]
  unfinished: number
  /** Replies that beta should not have got: refusals, errors, none at all; streams that were cut off. */
  failures: string[]
  failed: number
  requests: number
  /** Model calls that its vendor got again. */
  repeatedCalls: number
  worstRequest: number
  /** From the submission to when its end was seen, without what its vendor took. */
  worstTurn: number
  /** `GET /healthz` of each process. */
  worstHealth: Record<string, number>
}

/** What the process of the neighbours is told. */
export type NeighbourOrder =
  | {
      begin: {
        url: string
        key: string
        health: { name: string; url: string }[]
        /** How long its vendor takes, turn by turn: calls of every length are in flight at any time. */
        modelDelays: number[]
        /** How many words a stream has; one takes 100 ms. */
        words: number
      }
    }
  | { end: { patienceMs: number } }
