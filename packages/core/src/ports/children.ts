import type { Parent } from '../log/fact.ts'
import type { Writer } from './attempt.ts'
import type { Submission } from './submission.ts'
import type { TurnRef } from './turn-ref.ts'

export type ChildOutcome = 'started' | 'cancelled' | 'fenced' | 'full'

/** The tasks of sub-agents. */
export interface Children {
  /**
   * Begins a task that answers a call of a turn, whose attempt holds it; `cancelled` when that turn is to stop,
   * `fenced` when the attempt does not hold it or the log has lost what it has seen, `full` when its tree has begun
   * as many tasks as it may. In the same moment the caller's log records it.
   */
  start(child: ChildSubmission, parent: Writer): Promise<ChildOutcome>
  /** Counts a model call among those of all that belong to a turn's tree; how many there are with it. */
  countCall(root: TurnRef): Promise<number>
}

/** The first turn of a sub-agent's task; `agent` is the key by which it was called. */
export type ChildSubmission = Omit<Submission, 'after' | 'labels' | 'started'> & {
  agent: string
  started: Submission['started'] & { parent: Parent }
}
