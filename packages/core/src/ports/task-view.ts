import type { Fact, RequestMetadata } from '../log/fact.ts'
import type { Delta } from '../log/delta.ts'
import type { Result } from '../log/turn-result.ts'
import type { Status } from '../turn/transitions.ts'

/** A task as its readers see it. */
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
  notes: RequestMetadata
  /** How many bytes it has recorded. */
  bytes: number
  /** For how long it is kept after its end, milliseconds. */
  keepForMs: number
  /** Turns whose responses are as if they had never been. */
  hidden?: number[]
  /** Absent while the latest turn has not ended. */
  result?: Result
}

/** A task without its result: what a query looks at. */
export type TaskSketch = Omit<TaskView, 'result'>

/** Selects tasks of a workspace: those that fit every field. */
export type TaskQuery = {
  workspace: string
  agentId?: string | undefined
  /** The agent was deleted: the index of its tasks no longer has them all. */
  agentDeleted?: boolean | undefined
  labels: string[]
  /** When it began, epoch milliseconds, as far as its id says it; `fits` compares exactly. */
  began?: { from?: number | undefined; to?: number | undefined } | undefined
  /** Whether `fits` looks at the notes; they are empty where it does not. */
  byMetadata: boolean
  fits: (task: TaskSketch) => boolean
}

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
