import type { ScanResult, ScanOptions, ScanCursor } from './doctor.ts'
import type { TurnFailure } from '../log/turn-failure.ts'
import type { WorkspaceLimits } from '../scheduling/workspace-limits.ts'
import type { TurnRef } from './turn-ref.ts'
import type { Demand } from '../scheduling/demand.ts'
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
  /** Queued turns that a claim could not read: they do not start. */
  broken: number
  /** Tasks whose latest turn has failed, and tasks whose latest turn has ended. */
  failed: number
  ended: number
  /** Whether the shard is paused, so that no turn starts. */
  paused: boolean
}

/** A worker process, with the time of its latest heartbeat in epoch milliseconds, and the time since then. */
export type WorkerSeen = { id: string; beatAt: number; silentMs: number }

/** The demand of one shard, and the slots of the living workers that serve it. */
export type ShardDemand = Demand & { workers: { id: string; slots: number }[] }

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

/** What a workspace uses of its limits in a shard. */
export type WorkspaceUse = {
  queued: number
  running: number
  parked: number
  /** The tasks that are kept, and their bytes. The bytes of a small turn count from its end or its next pause on. */
  tasks: number
  bytes: number
  /** Milliseconds since the submission of the oldest among the turns that are next; undefined if none waits. */
  oldestMs: number | undefined
}

/** The operations of the operator, shard by shard. */
export interface AdminStore {
  counts(shard: number): Promise<ShardCounts>
  /** Counts the turns of a shard that could start. A worker that is silent for longer than `silentMs` counts as dead. */
  demand(shard: number, options: { silentMs: number }): Promise<ShardDemand>
  /** The number of queued turns that a claim could not read. */
  brokenTurns(shard: number): Promise<number>
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
  /**
   * Replaces the limits of a workspace in a shard: what is absent has the default of the installation. With a
   * revision, only if the stored one is lower. Returns whether the limits were replaced.
   */
  setLimits(
    shard: number,
    workspace: string,
    limits: WorkspaceLimits,
    revision?: number,
  ): Promise<boolean>
  /** The limits that were set for a workspace in a shard, and their revision; undefined if none ever were. */
  limitsOf(
    shard: number,
    workspace: string,
  ): Promise<{ overrides: WorkspaceLimits; revision: number } | undefined>
  useOf(shard: number, workspace: string): Promise<WorkspaceUse>
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
