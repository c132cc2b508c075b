import type { ModelQuota } from '../scheduling/model-quota.ts'
import type { ModelWait } from '../scheduling/model-wait.ts'
import type { Fact } from '../log/fact.ts'
import type { NewDelta } from '../log/delta.ts'
import type {
  Append,
  AppendReply,
  Attempt,
  BeatReply,
  ClaimReply,
  NextClaim,
  NextReply,
  Writer,
} from './attempt.ts'
import type { Page, PageRequest } from './page.ts'
import type { StartTime } from '../scheduling/start-time.ts'
import type { MovedStart, Submission, SubmitReply } from './submission.ts'
import type { Cursor, Entries, TaskQuery, TaskView } from './task-view.ts'
import type { Waiting } from '../scheduling/waiting.ts'
import type { TakenTurn, TurnRef } from './turn-ref.ts'

/** How waiting turns are read. */
export type WaitingOptions = {
  /** A worker that is silent for longer, in milliseconds, counts as dead. */
  silentMs: number
  /** Whether the tasks that hold the turns up are left out. */
  isBrief?: boolean
}

/** The log, the heads and the leases. Every operation is one script: fenced, and safe to repeat. */
export interface TaskStore {
  submit(submission: Submission): Promise<SubmitReply>
  /** What the rates of a model leave to a task. Without a rate, the store is not asked. */
  modelQuota(task: { taskId: string; workspace: string; model: string }): Promise<ModelQuota>
  /** Returns a task. A lost value of the result is replaced by its beginning, as in `readableFacts`. */
  view(taskId: string): Promise<TaskView | undefined>
  /**
   * Returns the facts from number `fact` on (from 0), in the form of `readableFacts`, and the deltas after `pos`. At
   * most one page. When all numbers from the cursor to `deltasTo` belong to deltas, these may be all that is read.
   */
  read(taskId: string, cursor: Cursor, deltasTo?: number): Promise<Entries | undefined>
  /** Returns the number of the first fact after a `pos`, and the number of facts. */
  cursorAfter(taskId: string, pos: number): Promise<{ fact: number; length: number } | undefined>
  /** Returns where each turn of a task begins, the first turn first. */
  turns(taskId: string): Promise<TakenTurn[]>
  /**
   * Returns the facts from number `from` (from 0) to number `to`, both included, or to the last one. Many facts are
   * read in pages. Rejects when one of their values is lost. Long results are shortened to the part that rules need
   * (`ShortenedResult`).
   */
  facts(taskId: string, from?: number, to?: number): Promise<Fact[]>
  /** Returns the same facts with whole results, for people to read. A lost value is replaced by its beginning. */
  readableFacts(taskId: string, from?: number, to?: number): Promise<Fact[]>
  /**
   * Lists tasks, the newest first. The cursors are ids. A page may be short although more tasks follow: the next page
   * begins after its `last`.
   */
  list(query: TaskQuery, page: PageRequest): Promise<Page<TaskView> & { last?: string }>
  /**
   * Returns why turns wait, by task: those that are queued or parked. A task without a turn stands for its latest one.
   */
  waiting(
    turns: readonly { taskId: string; turn?: number | undefined }[],
    options: WaitingOptions,
  ): Promise<Map<string, Waiting>>

  /** Claims the turn that should start now. */
  claimNext(claim: NextClaim): Promise<NextReply>
  /**
   * Claims a queued turn by its name. `alone` is set by a process that runs no other turn. Returns `large` when the log
   * holds more than `capacity` bytes.
   */
  claim(
    turn: TurnRef,
    attempt: string,
    lockMs: number,
    options?: { alone?: boolean; capacity?: number },
  ): Promise<ClaimReply>
  append(append: Append): Promise<AppendReply>
  stream(attempt: Writer, ordinal: number, deltas: NewDelta[]): Promise<BeatReply>
  beat(attempt: Attempt, lockMs: number): Promise<BeatReply>
  /**
   * Releases the turn, so that another worker can continue it, at once or after `afterMs` milliseconds. With a `report`,
   * a crash of the turn is counted, even for an attempt that has lost the turn: its process died or its event loop was
   * blocked. `alone` means that the process ran no other turn.
   */
  release(
    attempt: Attempt,
    report?: 'died' | 'alone',
    afterMs?: number,
  ): Promise<{ released: boolean }>
  /**
   * Releases the turn and closes the class of its model, because nothing is left of a rate: no turn of the class starts
   * before the time of the wait.
   */
  closeClass(attempt: Attempt, modelClass: string, wait: ModelWait): Promise<{ released: boolean }>
  /** Lets a queued turn wait for some time, because this worker cannot run it now. */
  postpone(turn: TurnRef, afterMs: number): Promise<{ postponed: boolean }>
  /** Moves the start of a turn that waits for it. Its deadline and its expiry move with it. */
  moveStart(turn: TurnRef, start: StartTime): Promise<MovedStart>
  /**
   * Ends a queued or parked turn. Requests the worker of a running turn to stop, and sets a deadline; without grace,
   * the running turn ends, too. Applies to the live turn of the task, which must be `turn` if that is given.
   */
  cancel(
    task: { taskId: string; turn?: number },
    options: { reason: string; graceMs: number },
  ): Promise<'ended' | 'stopping' | 'not_found'>
  /** Deletes a task whose latest turn has ended. Later writes find it unknown. */
  purge(taskId: string): Promise<'forgotten' | 'live' | 'not_found'>
  /** Soft-deletes an ended turn. When no visible turn is left, the task is purged. */
  softDelete(turn: TurnRef): Promise<'hidden' | 'live' | 'not_found'>
  /** Returns the turn of a request, if it has one. */
  turnOf(taskId: string, requestId: string): Promise<TakenTurn | undefined>
}
