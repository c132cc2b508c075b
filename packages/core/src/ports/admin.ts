import type { ScanResult, ScanOptions, ScanCursor } from './doctor.ts'
import type { TurnFailure } from '../log/turn-failure.ts'
import type { TurnRef } from './turn-ref.ts'
import type { Status } from '../turn/transitions.ts'

/** What one shard holds now. */
export type ShardCounts = {
  /** Turns that wait for a worker, and those that have one. */
  queued: number
  running: number
  /** Turns that have given up their worker until a time. */
  parked: number
  /** Jobs of the queue: for a worker, for their time, and those that workers hold. */
  jobs: { waiting: number; delayed: number; active: number }
  /** Queued turns whose job should have been taken by now, and running ones whose worker is silent. */
  outboxDue: number
  leasesExpired: number
  /** Tasks whose latest turn has failed, and all whose latest turn has ended. */
  failed: number
  ended: number
  /** Whether workers are kept from taking jobs. */
  paused: boolean
}

/** A worker process, by its latest beat: epoch milliseconds, and how long ago. */
export type WorkerSeen = { id: string; beatAt: number; silentMs: number }

/** A task as an operator sees it: its latest turn, and what became of it. */
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
  /** Why a redrive of the failed turn was given up. */
  redriveFailure?: string
  /** How often a worker has taken a turn of the task, and how many have died of the latest one in a row. */
  attempts: number
  deaths: number
}

/** Which tasks are wanted, of all workspaces: those that fit all that is given. */
export type EntryQuery = {
  status: Status
  workspace?: string | undefined
  error?: TurnFailure | undefined
  /** How long ago, at least, the turn ended, or was submitted if it has not: milliseconds. */
  olderThanMs?: number | undefined
}

/** A place in a list of entries, which runs from the oldest to the newest. */
export type EntryCursor = { score: number; member: string }

/** A page whose search took long may be short: `next` is where the next page begins. */
export type EntryPage = { items: TaskEntry[]; next?: EntryCursor }

/** What operators read and do, shard by shard. */
export interface AdminStore {
  counts(shard: number): Promise<ShardCounts>
  /** Those that were alive within the last hour and have not left. */
  workers(shard: number): Promise<WorkerSeen[]>
  /** Tasks of every shard, from the oldest to the newest. */
  list(
    query: EntryQuery,
    page: { limit: number; after?: EntryCursor | undefined },
  ): Promise<EntryPage>
  /** Pauses the jobs of a shard, or resumes them. Running turns continue, new ones wait. */
  pause(shard: number, paused: boolean): Promise<void>
  isPaused(shard: number): Promise<boolean>
  /**
   * Queues redrives of failed turns, so many a second, behind those that wait already. Returns how many of them
   * did not wait yet, and when the last one is due.
   */
  redriveLater(turns: TurnRef[], perSecond: number): Promise<{ added: number; until: number }>
  /** Those that are due, each again after `againMs` unless it is done by then; and in how long the next one is. */
  takeRedrives(
    shard: number,
    againMs: number,
    limit: number,
  ): Promise<{ turns: TurnRef[]; nextMs?: number }>
  redriveDone(turn: TurnRef): Promise<void>
  /** One that can never succeed is not tried again; its entry says why. */
  redriveFailed(turn: TurnRef, why: string): Promise<void>
  /** Compares the entries of the stores one after the other, from a place on. */
  scan(from: ScanCursor | undefined, options: ScanOptions): Promise<ScanResult>
}
