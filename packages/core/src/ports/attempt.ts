import type { Fact, NewFact } from '../log/fact.ts'
import type { Result } from '../log/turn-result.ts'
import type { ModelRates } from '../scheduling/model-rates.ts'
import type { ModelWait } from '../scheduling/model-wait.ts'
import type { Status } from '../turn/transitions.ts'
import type { TurnUsage } from '../usage/ended-turn.ts'
import type { TurnRef } from './turn-ref.ts'

/** One worker's run at a turn. Its id is the fence. Its epoch counts the runs, for people to read. */
export type Attempt = TurnRef & { attempt: string }

/** A position in the log: the length of the log up to a fact, and the number and time of that fact. */
export type Seen = { length: number; pos: number; at: number }

/**
 * An attempt that writes. `seen` is the last fact that it has read. The attempt is fenced when the log has lost that
 * fact, because its state then differs from the state that another attempt would fold.
 */
export type Writer = Attempt & { seen?: Seen | undefined }

/** A turn that an attempt has got. */
export type Claimed = Attempt & {
  outcome: 'claimed'
  workspace: string
  epoch: number
  facts: Fact[]
  /** The length of the log in facts and in bytes, and the bytes that a process holds when it folds the log. */
  length: number
  bytes: number
  held: number
  cancelRequested: boolean
  /** The deadline of the turn (Redis's time, epoch milliseconds). */
  deadline: number
  /**
   * The crash count: consecutive attempts that died with their process and recorded nothing, and the processes among
   * them that ran nothing else.
   */
  deaths: number
  alone: number
  /** The rates of models that the workspace has of its own. */
  workspaceRates?: ModelRates
  /** What the turn has reserved for its next model call while it was parked. */
  reserved?: ModelWait['reserved']
  /** Why the log cannot be read. There are no facts then. */
  unreadable?: string
  /**
   * Set when the log is large, so the reply contains no facts. The worker that has the turn reads them with `facts`.
   */
  unread?: true
}

/** Too many workers of the turn died, the last one `sinceMs` milliseconds ago. Only a separate process may claim it. */
export type SuspectTurn = TurnRef & {
  outcome: 'suspect'
  workspace: string
  deaths: number
  alone: number
  sinceMs: number
}

/** The log has more bytes than the claim allows. Nothing was changed. */
export type LargeTurn = TurnRef & { outcome: 'large'; bytes: number; workspace: string }

/** The reply to a claim of a turn by its name: `gone` when it cannot be claimed now. */
export type ClaimReply = Claimed | SuspectTurn | LargeTurn | { outcome: 'gone' }

/**
 * The reply to a claim of the turn that should start now: `none` when nothing can start, `lost` when the claim was sent
 * before, and the attempt no longer has its turn.
 */
export type NextReply =
  | Claimed
  | SuspectTurn
  | LargeTurn
  | { outcome: 'none' }
  | { outcome: 'lost' }

/** A claim of the turn that should start now, for a slot of a worker and a new attempt. */
export type NextClaim = {
  shard: number
  slot: string
  attempt: string
  lockMs: number
  /** The greatest size of a log, in bytes. */
  capacity?: number
  /** Whether to leave turns that have crashed several workers: the process runs one of them already. */
  leavesCrashed?: boolean
}

/** Facts of one attempt, numbered from 1 by the attempt's ordinal, so that a repeated append changes nothing. */
export type Append = Writer & {
  ordinal: number
  facts: NewFact[]
  /** A decision: the turn ends with the last of the facts, provided that the log is as long as the worker has folded. */
  end?: { folded: number; status: Status; result: Result; usage?: TurnUsage }
  /** Another decision: the turn is parked until a time (Redis's, epoch milliseconds). */
  park?: {
    folded: number
    until: number
    /** The rate of a model that the turn waits for, and what it has reserved. */
    wait?: ModelWait
  }
  /** With a decision: the claim of the next turn for the same slot, which the same script makes. */
  next?: NextClaim | undefined
}

export type AppendReply =
  /**
   * `length`, `bytes` and `held` describe the log including these facts. `next` is absent when it was not asked for, or
   * when the claim failed.
   */
  | {
      outcome: 'ok'
      length: number
      bytes: number
      held: number
      pos: number
      at: number
      cancelRequested: boolean
      next?: NextReply
    }
  /** The decision was refused, because the log has facts that the worker has not folded. Nothing was recorded. */
  | { outcome: 'stale'; cancelRequested: boolean }
  /**
   * Another attempt has the turn, the turn has ended, or the log has lost a fact that the attempt has seen. The worker
   * must stop at once.
   */
  | { outcome: 'fenced' }

export type BeatReply = { alive: boolean; cancelRequested: boolean }
