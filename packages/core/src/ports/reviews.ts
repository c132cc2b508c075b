import type { ReviewDecided } from '../log/fact.ts'
import type { TurnRef } from './turn-ref.ts'

/** Calls that wait for a reviewer. */
export interface Reviews {
  /**
   * Records a decision and resumes a parked turn. Returns `stale` when the log has more than the `folded` facts, and
   * `ended` when the turn is not live.
   */
  record(
    turn: TurnRef,
    decision: { folded: number; fact: ReviewDecided },
  ): Promise<'recorded' | 'stale' | 'ended'>
  /** Tasks of a workspace that may have calls to review, the newest first, after the id `below`. */
  tasks(workspace: string, page: { below: string | undefined; limit: number }): Promise<string[]>
  /** Removes a task from that list, unless its log has more than the `folded` facts. */
  drop(workspace: string, taskId: string, folded: number): Promise<void>
}
