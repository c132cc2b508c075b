import type { TurnStarted } from '../log/fact.ts'
import type { Priority } from '../scheduling/priority.ts'
import type { SubmitRefusal } from '../scheduling/refuse-submit.ts'
import type { SubmitLimits, SubmitQuota } from '../scheduling/submit-quota.ts'
import type { TakenTurn } from './turn-ref.ts'

export type Submission = {
  taskId: string
  workspace: string
  agentId: string
  /** The same for every repetition of this submission, so that a repetition finds its own turn. */
  requestId: string
  /** The turn that the caller saw as the task's latest; 0 for a new task. */
  after: number
  started: Omit<TurnStarted, 'type' | 'turn'>
  /** Labels by which the task can be found, such as `thread:t-1`, in addition to its earlier labels. */
  labels?: string[]
  /** How soon the turn starts among the turns of its fairness key. Usually 3. */
  priority?: Priority | undefined
  /** The end user, customer or thread whose turns share slots fairly with those of others. At most 64 bytes. */
  fairnessKey?: string | undefined
  /** Whether the turn has the fairness key of the turn before it, if that had one. */
  keepsFairnessKey?: boolean
  /**
   * The time before which the turn does not start (Redis's time, epoch milliseconds); or the same in milliseconds from
   * now. Its deadline counts from then.
   */
  startAt?: number | undefined
  startInMs?: number | undefined
  /** How long the turn may wait for its first worker, from its start time on. Then it fails as `expired`. */
  expiresInMs?: number | undefined
  /** Whether the turn has the priority and the fairness key of the turn before it. */
  isInherited?: boolean
  /**
   * The limits that may refuse the turn, unless the workspace has its own. Absent for a turn that no limit refuses: an
   * answer to a call, or a redrive.
   */
  limits?: SubmitLimits | undefined
  /** The deadline of the turn, in milliseconds from now. */
  deadlineMs: number
  /** The retention of the task after its end, milliseconds. */
  retentionMs: number
}

/** `begun`: the turn no longer waits for its start. */
export type MovedStart = 'moved' | 'begun' | 'ended' | 'not_found'

export type SubmitReply =
  /**
   * Accepted and enqueued now, or (`replay`) accepted before by the same submission. `fact` is the number of the turn's
   * first fact, from 0.
   */
  | ({ action: 'accepted'; quota?: SubmitQuota } & TakenTurn)
  | ({ action: 'replay' } & TakenTurn)
  /** A limit of the workspace refuses the turn. Nothing is stored. */
  | ({ action: 'limited'; quota: SubmitQuota } & SubmitRefusal)
  /** A turn of the task is live, or another one was accepted since the caller read the task. */
  | { action: 'conflict' }
  /** The task has reached a limit, or its workspace has reached the limit of caller metadata. */
  | { action: 'full'; what: 'facts' | 'bytes' | 'notes' }
  | { action: 'not_found' }
