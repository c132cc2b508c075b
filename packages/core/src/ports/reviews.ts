import type { ReviewDecided } from '../log/fact.ts'
import type { TurnRef } from './turn-ref.ts'

/** Calls that wait for a reviewer. */
export interface Reviews {
  /**
   * Records a decision, and resumes a parked turn. `stale` when the log has more than the
   * `folded` facts, `ended` when the turn is not live.
   */
  record(
    turn: TurnRef,
    decision: { folded: number; fact: ReviewDecided },
  ): Promise<'recorded' | 'stale' | 'ended'>
  /** Tasks of a workspace that may have such calls, the newest first, behind the id `below`. */
  tasks(workspace: string, page: { below: string | undefined; limit: number }): Promise<string[]>
  /** Leaves a task out from now on, unless its log has more than the `folded` facts. */
  drop(workspace: string, taskId: string, folded: number): Promise<void>
}
