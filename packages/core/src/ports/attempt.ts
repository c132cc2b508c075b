import type { Fact, NewFact } from '../log/fact.ts'
import type { Result } from '../log/turn-result.ts'
import type { Status } from '../turn/transitions.ts'
import type { TurnRef } from './turn-ref.ts'

/** One worker's run at a turn: its id is the fence, its epoch counts the runs for people to read. */
export type Attempt = TurnRef & { attempt: string }

/** A fact by its place: how long the log is with it, and its number and time. */
export type Seen = { length: number; pos: number; at: number }

/**
 * An attempt that writes. With the last fact that it has `seen` it is fenced when the log has lost that: what it
 * knows is not what another attempt would fold.
 */
export type Writer = Attempt & { seen?: Seen | undefined }

export type ClaimReply =
  | {
      outcome: 'claimed'
      workspace: string
      epoch: number
      facts: Fact[]
      /** How long the log is, in facts and in bytes, and how many of these a process holds that folds it. */
      length: number
      bytes: number
      held: number
      cancelRequested: boolean
      /** When the turn is ended, whatever it is doing (Redis's, epoch milliseconds). */
      deadline: number
      /** How many attempts in a row died with their process and had recorded nothing, and how many processes that ran nothing else. */
      deaths: number
      alone: number
      /** Why there are no facts: the log cannot be read. */
      unreadable?: string
      /** There are no facts, since the log is large: the worker that has the turn reads it with `facts`. */
      unread?: true
    }
  /** The log holds more bytes than the claim allows: nothing was changed. */
  | { outcome: 'large'; bytes: number; workspace: string }
  /** Its workers died too often, the last one `sinceMs` milliseconds ago: only a process of its own may have it. */
  | { outcome: 'suspect'; workspace: string; deaths: number; alone: number; sinceMs: number }
  /** Another attempt holds the turn for `inMs` milliseconds more. */
  | { outcome: 'busy'; inMs: number }
  /** Superseded, ended or forgotten: the job has nothing left to do. */
  | { outcome: 'stale' }
  /** A newer version wrote some of the task: another worker must take it, and nothing was changed. */
  | { outcome: 'newer' }

/** Facts of one attempt, numbered by its ordinal from 1 so that a resend changes nothing. */
export type Append = Writer & {
  ordinal: number
  facts: NewFact[]
  /** A decision: the turn ends with the last of the facts, if the log is as long as the worker has folded. */
  end?: { folded: number; status: Status; result: Result }
  /** Another decision: the turn waits without a worker until a time (Redis's, epoch milliseconds). */
  park?: { folded: number; until: number }
}

export type AppendReply =
  /** `length`, `bytes` and `held` are the log's now, the facts included. */
  | {
      outcome: 'ok'
      length: number
      bytes: number
      held: number
      pos: number
      at: number
      cancelRequested: boolean
    }
  /** The decision was not taken, since the log holds facts that were not folded; none was recorded. */
  | { outcome: 'stale'; cancelRequested: boolean }
  /** Another attempt has the turn, it has ended, or the log has lost what was seen: the worker must stop at once. */
  | { outcome: 'fenced' }

export type BeatReply = { alive: boolean; cancelRequested: boolean }
