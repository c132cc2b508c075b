import type { TurnStarted } from '../log/fact.ts'
import type { TakenTurn } from './turn-ref.ts'

export type Submission = {
  taskId: string
  workspace: string
  agentId: string
  /** The same on every repeat of this submission, so that a repeat finds its own turn. */
  requestId: string
  /** The turn that the caller saw as the task's latest; 0 for a new task. */
  after: number
  started: Omit<TurnStarted, 'type' | 'turn'>
  /** What the task can be found by from now on, such as `thread:t-1`, beside what it was found by before. */
  labels?: string[]
  /** After how many milliseconds the turn is ended, whatever it is doing by then. */
  deadlineMs: number
  /** How many milliseconds the task is kept after its end. */
  retentionMs: number
}

export type SubmitReply =
  /** Taken and enqueued now, or (`replay`) this very submission was taken before; `fact` is the turn's first, from 0. */
  | ({ action: 'accepted' | 'replay' } & TakenTurn)
  /** A turn of the task is live, or another one came since the caller looked. */
  | { action: 'conflict' }
  /** The task is too full for another turn, or its workspace for the notes. */
  | { action: 'full'; what: 'facts' | 'bytes' | 'notes' }
  | { action: 'not_found' }
