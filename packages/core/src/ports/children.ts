import type { Parent } from '../log/fact.ts'
import type { Writer } from './attempt.ts'
import type { Submission } from './submission.ts'
import type { TurnRef } from './turn-ref.ts'

export type ChildOutcome = 'started' | 'cancelled' | 'fenced' | 'full'

/** The tasks of sub-agents. */
export interface Children {
  /**
   * Starts a task that answers a call of a turn, and records it in the caller's log in the same transaction. Returns
   * `cancelled` when the turn is to stop, `fenced` when the attempt does not hold the turn or the log has lost a fact
   * that it has seen, and `full` when the turn's tree has reached its limit of tasks.
   */
  start(child: ChildSubmission, parent: Writer): Promise<ChildOutcome>
  /** Counts a model call of a turn's tree. Returns the count including this call. */
  countCall(root: TurnRef): Promise<number>
}

/** The first turn of a sub-agent's task; `agent` is the key by which it was called. */
export type ChildSubmission = Omit<Submission, 'after' | 'labels' | 'started'> & {
  agent: string
  started: Submission['started'] & { parent: Parent }
}
