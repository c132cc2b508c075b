import type { Fact } from '../log/fact.ts'
import type { NewDelta } from '../log/delta.ts'
import type { Append, AppendReply, Attempt, BeatReply, ClaimReply, Writer } from './attempt.ts'
import type { Page, PageRequest } from './page.ts'
import type { Job } from './queue.ts'
import type { Submission, SubmitReply } from './submission.ts'
import type { Cursor, Entries, TaskQuery, TaskView } from './task-view.ts'
import type { TakenTurn, TurnRef } from './turn-ref.ts'

/** The log, the heads and the leases. Every verb is one script: fenced, and safe to be sent twice. */
export interface TaskStore {
  submit(submission: Submission): Promise<SubmitReply>
  /** In the place of a lost value of the result stands how it began, as in `told`. */
  view(taskId: string): Promise<TaskView | undefined>
  /** Facts from number `fact` on (from 0), as `told` gives them, and the deltas after `pos`; of many, the first. */
  read(taskId: string, cursor: Cursor): Promise<Entries | undefined>
  /** The number of the first fact after a `pos`, and how many facts there are. */
  cursorAfter(taskId: string, pos: number): Promise<{ fact: number; length: number } | undefined>
  /** Where each turn of a task begins, the first one first. */
  turns(taskId: string): Promise<TakenTurn[]>
  /**
   * From number `from` (from 0) to number `to`, both included; the rest without one. Many are read in pages. Rejects
   * when a value of theirs is lost. Of long results they have what rules need (`HeldResult`).
   */
  facts(taskId: string, from?: number, to?: number): Promise<Fact[]>
  /** The same whole, for people to read: in place of a value that was lost stands how it began. */
  readableFacts(taskId: string, from?: number, to?: number): Promise<Fact[]>
  /** The newest tasks first; the places are ids. A page that has more may be short: the next one begins after its `last`. */
  list(query: TaskQuery, page: PageRequest): Promise<Page<TaskView> & { last?: string }>

  /** `alone`: by a process that runs no other turn. `large` when the log holds more than `room` bytes, if that is given. */
  claim(
    job: Job,
    attempt: string,
    lockMs: number,
    options?: { alone?: boolean; capacity?: number },
  ): Promise<ClaimReply>
  append(append: Append): Promise<AppendReply>
  stream(attempt: Writer, ordinal: number, deltas: NewDelta[]): Promise<BeatReply>
  beat(attempt: Attempt, lockMs: number): Promise<BeatReply>
  /**
   * Releases the turn, so that another worker may continue it at once. A `report` counts a death of the turn, also
   * for an attempt that has lost it: its process died or stood still, `alone` when it ran no other turn.
   */
  release(attempt: Attempt, report?: 'died' | 'alone'): Promise<{ released: boolean }>
  /**
   * Ends a queued or parked turn, or asks the worker of a running one to stop and sets it a deadline;
   * without grace it ends, too. It is the task's live turn, whichever that is unless one is named.
   */
  cancel(
    task: { taskId: string; turn?: number },
    options: { reason: string; graceMs: number },
  ): Promise<'ended' | 'stopping' | 'not_found'>
  /** Deletes a task whose latest turn has ended; whatever comes late finds it unknown. */
  purge(taskId: string): Promise<'forgotten' | 'live' | 'not_found'>
  /** Soft-deletes an ended turn; with the last visible one the task is purged. */
  softDelete(turn: TurnRef): Promise<'hidden' | 'live' | 'not_found'>
  /** The turn that a request was given, if it was. */
  turnOf(taskId: string, requestId: string): Promise<TakenTurn | undefined>
}
