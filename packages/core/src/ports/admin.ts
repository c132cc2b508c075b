import type { ScanResult, ScanOptions, ScanCursor } from './doctor.ts'
import type { TurnFailure } from '../log/turn-failure.ts'
import type { TurnRef } from './turn-ref.ts'
import type { ModelRates } from '../scheduling/model-rates.ts'
import type { Status } from '../turn/transitions.ts'

/** The current counts of one shard. */
export type ShardCounts = {
  /** Turns that wait for a worker, and those that have one. */
  queued: number
  running: number
  /** Turns that wait without a worker until a time. */
  parked: number
  /** Tickets: those that wait for a worker, those that wait for their time, and those that workers hold. */
  jobs: { waiting: number; delayed: number; active: number }
  /** Turns that an earlier version has queued, and running turns whose worker is silent. */
  outboxDue: number
  leasesExpired: number
  /** Tasks whose latest turn has failed, and tasks whose latest turn has ended. */
  failed: number
  ended: number
  /** Whether the shard is paused, so that no turn starts. */
  paused: boolean
}

/** A worker process, with the time of its latest heartbeat in epoch milliseconds, and the time since then. */
export type WorkerSeen = { id: string; beatAt: number; silentMs: number }

/** A task as an operator sees it: its latest turn and the outcome. */
export type TaskEntry = {
  taskId: string
  workspace: string
  agentId: string
  status: Status
  turn: number
  /** When the turn was submitted, and when it ended: epoch milliseconds. */
  submittedAt: number
  endedAt?: number
  failure?: { code: TurnFailure; message: string }
  /** Why the redrive of the failed turn was abandoned. */
  redriveFailure?: string
  /** The number of attempts at the task's turns, and the crash count of the latest turn. */
  attempts: number
  deaths: number
}

/** Selects tasks of all workspaces that match every given field. */
export type EntryQuery = {
  status: Status
  workspace?: string | undefined
  error?: TurnFailure | undefined
  /** The minimum time since the turn ended, or since it was submitted if it has not ended: milliseconds. */
  olderThanMs?: number | undefined
}

/** A cursor in a list of entries, which runs from the oldest to the newest. */
export type EntryCursor = { score: number; member: string }

/** A page of entries. It may be short when its search took long. `next` is the cursor of the next page. */
export type EntryPage = { items: TaskEntry[]; next?: EntryCursor }

/** The limits of a workspace's running turns in a shard. */
export type WorkspaceLimits = {
  /** How many turns run at once, and how many of one fairness key. */
  running?: number | undefined
  runningPerFairnessKey?: number | undefined
  /** The share of the workspace in relation to others. Usually 1. */
  weight?: number | undefined
  /** Whether no turn of the workspace starts. */
  paused?: boolean | undefined
  /** The rates of models, by pattern. */
  models?: ModelRates | undefined
}

/** The operations of the operator, shard by shard. */
export interface AdminStore {
  counts(shard: number): Promise<ShardCounts>
  /** Workers that sent a heartbeat within the last hour and have not shut down. */
  workers(shard: number): Promise<WorkerSeen[]>
  /** Tasks of every shard, from the oldest to the newest. */
  list(
    query: EntryQuery,
    page: { limit: number; after?: EntryCursor | undefined },
  ): Promise<EntryPage>
  /** Pauses a shard, or resumes it. Running turns continue, new ones wait. */
  pause(shard: number, paused: boolean): Promise<void>
  isPaused(shard: number): Promise<boolean>
  /** Sets the limits of a workspace in a shard. What is absent has no limit. */
  setLimits(shard: number, workspace: string, limits: WorkspaceLimits): Promise<void>
  /**
   * Queues redrives of failed turns, `perSecond` of them per second, after those already queued. Returns how many were
   * not queued before, and when the last one is due.
   */
  redriveLater(turns: TurnRef[], perSecond: number): Promise<{ added: number; until: number }>
  /**
   * Takes the due redrives. Each is due again after `againMs` unless `redriveDone` is called. `nextMs` is the time
   * until the next one.
   */
  takeRedrives(
    shard: number,
    againMs: number,
    limit: number,
  ): Promise<{ turns: TurnRef[]; nextMs?: number }>
  redriveDone(turn: TurnRef): Promise<void>
  /** Marks a redrive that can never succeed. It is not tried again, and the task's entry states why. */
  redriveFailed(turn: TurnRef, why: string): Promise<void>
  /** Compares the entries of the stores one by one, from a cursor on. */
  scan(from: ScanCursor | undefined, options: ScanOptions): Promise<ScanResult>
}
