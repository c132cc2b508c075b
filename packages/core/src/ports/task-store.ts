import type {
  Delta,
  Fact,
  NewDelta,
  NewFact,
  Parent,
  RequestNotes,
  ReviewDecided,
  TurnStarted,
} from '../log/fact.ts'
import type { Page, PageRequest } from './registry.ts'
import type { Result } from '../log/turn-result.ts'
import type { Status } from '../turn/transitions.ts'

/** One turn of one task. */
export type TurnRef = { taskId: string; turn: number }

/** What a queue job says: somebody run this segment of this turn. */
export type Job = TurnRef & { segment: number }

/** One worker's run at a turn: its id is the fence, its epoch counts the runs for people to read. */
export type Attempt = TurnRef & { attempt: string }

/** A fact by its place: how long the log is with it, and its number and time. */
export type Seen = { length: number; pos: number; at: number }

/**
 * An attempt that writes. With the last fact that it has `seen` it is fenced when the log has lost that: what it
 * knows is not what another attempt would fold.
 */
export type Writer = Attempt & { seen?: Seen | undefined }

/** A task as whoever reads it sees it. */
export type TaskView = {
  taskId: string
  workspace: string
  agentId: string
  status: Status
  turn: number
  /** Of the latest turn. */
  started: {
    at: number
    pos: number
    /** The number of its first fact in the log, from 0. */
    fact: number
    model: string
    messageId: string
    traceId: string
    spanId: string
  }
  notes: RequestNotes
  /** How many bytes it has recorded. */
  bytes: number
  /** For how long it is kept after its end, milliseconds. */
  keptMs: number
  /** Turns whose responses are as if they had never been. */
  hidden?: number[]
  /** Absent while the latest turn has not ended. */
  result?: Result
}

/** What of a task tells whether it is wanted, beside its result. */
export type TaskSketch = Omit<TaskView, 'result'>

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

/** Which tasks of a workspace are wanted: those that fit all that is given. */
export type TaskQuery = {
  workspace: string
  agentId?: string | undefined
  /** The agent was deleted: the index of its tasks no longer has them all. */
  agentDeleted?: boolean | undefined
  labels: string[]
  /** When it began, epoch milliseconds, as its id tells it; `fits` tells it exactly. */
  began?: { from?: number | undefined; to?: number | undefined } | undefined
  /** Whether `fits` looks at the notes; they are empty where it does not. */
  byNotes: boolean
  fits: (task: TaskSketch) => boolean
}

export type SubmitReply =
  /** Taken and enqueued now, or (`replay`) this very submission was taken before; `fact` is the turn's first, from 0. */
  | ({ action: 'accepted' | 'replay' } & TakenTurn)
  /** A turn of the task is live, or another one came since the caller looked. */
  | { action: 'conflict' }
  /** The task has no room for another turn, or its workspace none for its notes. */
  | { action: 'full'; what: 'facts' | 'bytes' | 'notes' }
  | { action: 'not_found' }

export type ClaimReply =
  | {
      outcome: 'claimed'
      workspace: string
      epoch: number
      facts: Fact[]
      /** How long the log is, in facts and in bytes, and how many of these whoever folds it holds. */
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
  /** The log holds more bytes than there is room for: nothing was changed. */
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

/** What has been recorded of a task after a cursor, in the order of `pos`; `pos` is the task's last one. */
export type Entries = {
  status: Status
  turn: number
  pos: number
  /** Turns whose responses were deleted: callers may not read their entries. */
  hidden?: number[]
  entries: (Fact | Delta)[]
}
export type Cursor = { pos: number; fact: number }

/** The log, the heads and the leases. Every verb is one script: fenced, and safe to be sent twice. */
export interface TaskStore {
  submit(submission: Submission): Promise<SubmitReply>
  /** What of a result was lost is told, as in `told`. */
  view(taskId: string): Promise<TaskView | undefined>
  /** Facts from number `fact` on (from 0), as they are told, and the deltas after `pos`; of many the first. */
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
  told(taskId: string, from?: number, to?: number): Promise<Fact[]>
  /** The newest tasks first; the places are ids. A page that has more may be short: its `last` is where to go on. */
  list(query: TaskQuery, page: PageRequest): Promise<Page<TaskView> & { last?: string }>

  /** `alone`: by a process that runs no other turn. `large` when the log holds more than `room` bytes, if that is given. */
  claim(
    job: Job,
    attempt: string,
    lockMs: number,
    options?: { alone?: boolean; room?: number },
  ): Promise<ClaimReply>
  append(append: Append): Promise<AppendReply>
  stream(attempt: Writer, ordinal: number, deltas: NewDelta[]): Promise<BeatReply>
  beat(attempt: Attempt, lockMs: number): Promise<BeatReply>
  /**
   * Gives the turn back, so that another worker may go on with it at once. A `report` counts a death of the turn, also
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
  forget(taskId: string): Promise<'forgotten' | 'live' | 'not_found'>
  /** Hides an ended turn; the last one that anybody could see takes the task with it. */
  hide(turn: TurnRef): Promise<'hidden' | 'live' | 'not_found'>
  /** The turn that a request was given, if it was. */
  turnOf(taskId: string, requestId: string): Promise<TakenTurn | undefined>
}

/** Where a turn begins: when, in the task's numbers, and in its log. */
export type TakenTurn = { turn: number; startedAt: number; pos: number; fact: number }

/** Calls that wait for somebody to look at them. */
export interface Reviews {
  /**
   * Records what somebody has decided, and has a parked turn go on. `stale` when the log has more than the
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

export type ChildOutcome = 'started' | 'cancelled' | 'fenced' | 'full'

/** The tasks of sub-agents. */
export interface Children {
  /**
   * Begins a task that answers a call of a turn, whose attempt holds it; `cancelled` when that turn is to stop,
   * `fenced` when the attempt does not hold it or the log has lost what it has seen, `full` when its tree has begun
   * as many tasks as it may. In the same moment the caller's log tells of it.
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

/** What an idempotency key stands for: the task and the request that came with it first, and what it asked. */
export type BoundRequest = {
  taskId: string
  requestId: string
  after: number
  fingerprint: string
  /** The task that the request begins where it cannot go on with that one. */
  fork?: string
}

/** The task that goes on with a conversation; when it is new, it begins with what was said in another one. */
export type BoundConversation = { taskId: string; copies?: string }

/** Conversations that callers have named. */
export interface Conversations {
  find(workspace: string, id: string): Promise<BoundConversation | undefined>
  /** Binds one, if it is bound to what was `seen`, for so many milliseconds; what it is bound to then. */
  bind(
    workspace: string,
    id: string,
    to: BoundConversation,
    options: { seen: BoundConversation | undefined; ms: number },
  ): Promise<BoundConversation>
}

/** The idempotency keys of workspaces; each is kept for a day. */
export interface IdempotencyKeys {
  find(workspace: string, key: string): Promise<BoundRequest | undefined>
  /** Binds a key that is free; what it stands for then, be it this request or one that came before. */
  bind(workspace: string, key: string, request: BoundRequest): Promise<BoundRequest>
}

/** The task whose events a watch token opens. */
export type Watchable = { workspace: string; agentId: string; taskId: string }

/** Watch tokens, by the SHA-256 of each, in hex. */
export interface WatchTokens {
  put(hash: string, opens: Watchable, ms: number): Promise<void>
  find(hash: string): Promise<Watchable | undefined>
}

/** What a reconciler needs to mend one shard. Each verb serves at most `limit` entries. */
export interface Upkeep {
  /** Turns that wait for a job longer than they should; each is due again after `againMs`. */
  dueOutbox(shard: number, againMs: number, limit: number): Promise<Job[]>
  /** Turns whose worker let its lease expire go back to the outbox, as a new segment; and what failed, which stays due. */
  expireLeases(
    shard: number,
    againMs: number,
    limit: number,
  ): Promise<{ jobs: Job[]; failures: unknown[] }>
  /**
   * Turns that have passed their deadline, their own or that of a cancel, are ended, and parked ones
   * whose time has come are queued again, with a job that is looked for after `againMs`; how many of each,
   * and what failed, which stays due.
   */
  serveDeadlines(
    shard: number,
    againMs: number,
    limit: number,
  ): Promise<{ ended: number; resumed: number; failures: unknown[] }>
  /** Calls of sub-agents that have ended are answered, where nobody has; how many. */
  serveAnswers(shard: number, againMs: number, limit: number): Promise<number>
  /**
   * Purges tasks whose retention is over, behind the first `skip` of them: how many there were, how many are
   * gone, and what failed, which stays due. None while another process purges the shard.
   */
  purgeDue(
    shard: number,
    limit: number,
    skip?: number,
  ): Promise<{ due: number; purged: number; failures: unknown[] }>
  /** A worker process lives; one that is silent is held to be dead. */
  workerAlive(shard: number, worker: string): Promise<void>
  workerGone(shard: number, worker: string): Promise<void>
  /** The tasks of a deleted agent are cancelled or deleted, one by one; `agentDone` ends the search for more. */
  agentDeleted(shard: number, agent: DeletedAgent): Promise<void>
  /** Those whose tasks are to be deleted come first. */
  deletedAgents(shard: number): Promise<DeletedAgent[]>
  tasksOfAgent(shard: number, agentId: string, limit: number): Promise<string[]>
  taskOfAgentDone(shard: number, agentId: string, taskId: string): Promise<void>
  /** Forgets a deleted agent, once it has been deleted for `deletedForMs`: no late submit can bring it a task. */
  agentDone(shard: number, agentId: string, deletedForMs: number): Promise<void>
}

/** An agent that was deleted, and what becomes of its tasks: they are cancelled and stay readable, or are deleted. */
export type DeletedAgent = { agentId: string; tasks: 'cancel' | 'delete' }

/**
 * Resolves when there is room in memory for so many bytes that arrive or leave. Whoever passes a `Room` on gives it up.
 */
export type Room = (bytes: number) => Promise<void>

/** The queue: it wakes a worker and holds no state. */
export interface Queue {
  enqueue(job: Job): Promise<void>
  /** Adds the job of a queued turn again if it is lost. Whether it was. */
  restore(job: Job): Promise<boolean>
}

export type HintKind = 'fact' | 'delta' | 'end' | 'cancel' | 'gone'

/** Tells whoever watches a task that something happened to it. */
export interface Wake {
  /**
   * Until the returned function is called, `woken` is: with what happened and the task's `pos` then, or
   * with nothing when anything may have happened.
   */
  watch(taskId: string, woken: (kind?: HintKind, pos?: number) => void): () => void
}
