import type { Fact, RequestMetadata } from '../log/fact.ts'
import type { Delta } from '../log/delta.ts'
import type { Result } from '../log/turn-result.ts'
import type { Waiting } from '../scheduling/waiting.ts'
import type { Status } from '../turn/transitions.ts'

/** A task as readers see it. */
export type TaskView = {
  taskId: string
  workspace: string
  agentId: string
  status: Status
  turn: number
  /** The start of the latest turn. */
  started: {
    at: number
    pos: number
    /** The number of its first fact in the log, from 0. */
    fact: number
    model: string
    messageId: string
    traceId: string
    spanId: string
    /** What the request wants to be notified: a URL, or the id of an endpoint. */
    webhook?: string
    /** Set for the task of a sub-agent. */
    isChild?: true
  }
  notes: RequestMetadata
  /** The number of recorded bytes. */
  bytes: number
  /** The retention after its end, milliseconds. */
  keepForMs: number
  /** Soft-deleted turns: readers do not see their responses. */
  hidden?: number[]
  /** Absent while the latest turn has not ended. */
  result?: Result
  /** Why the latest turn waits. Only reads that look for it have it. */
  waiting?: Waiting
}

/**
 * A task without its result, for matching against a query: with the words of its first message and the code of its
 * failure, if the query uses them.
 */
export type TaskSketch = Omit<TaskView, 'result' | 'waiting'> & {
  words?: string
  failure?: string
}

/** Selects tasks of a workspace that match every field. */
export type TaskQuery = {
  workspace: string
  agentId?: string | undefined
  /** Set when the agent was deleted: the index of its tasks is then incomplete. */
  agentDeleted?: boolean | undefined
  labels: string[]
  /** When the task began, epoch milliseconds, as precise as its id. `fits` compares exactly. */
  began?: { from?: number | undefined; to?: number | undefined } | undefined
  /** Whether `fits` uses the caller metadata (`notes`), which is empty otherwise. */
  byMetadata: boolean
  /** Whether it uses the words of the first message, and the code of a failure. They are absent otherwise. */
  byWords?: boolean
  byFailure?: boolean
  fits: (task: TaskSketch) => boolean
}

/** The entries of a task after a cursor, in the order of `pos`. `pos` is the number of the task's last entry. */
export type Entries = {
  status: Status
  turn: number
  pos: number
  /** Soft-deleted turns, whose entries callers may not read. */
  hidden?: number[]
  entries: (Fact | Delta)[]
}
export type Cursor = { pos: number; fact: number }
