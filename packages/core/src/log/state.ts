import type {
  FileFailed,
  ModelFailed,
  Parent,
  Recorded,
  ReviewDecided,
  ReviewRequested,
  StepFinished,
  TurnCompleted,
  TurnFailed,
} from './fact.ts'
import type { FileToFetch } from '../history/message-files.ts'
import { type FileTotal, noFiles } from '../history/result-files.ts'
import type { HistoryResult, Message, ToolCall, Usage } from '../history/message.ts'
import type { Engine } from '../manifest/plan.ts'

/** A call of the latest turn, as a response's `metadata.tool_calls` shows it. */
export type CallRecord = {
  callId: string
  name: string
  arguments: Record<string, unknown>
  result?: unknown
  error?: string
  ms?: number
}

/** A call that a reviewer must decide before it is made, and the decision. `used` is set once the call has begun. */
export type Review = {
  requested: ReviewRequested & Recorded
  decided?: ReviewDecided
  used?: boolean
}

/** The state of a task, folded from its facts. */
export type State = TaskState & TurnState

/** The state of the task as a whole. */
type TaskState = {
  /** The number of folded facts. A decision states it, and is refused when the log has more. */
  facts: number
  /** When the last fact was recorded: Redis's time, epoch milliseconds. */
  at: number
  turn: number
  plan: string
  variables: Record<string, unknown>
  /** Instructions for the model in addition to those of the plan. They are not part of the conversation. */
  directions: string[]
  /** The messages of the next model call, without calls that still wait for their answer. */
  history: Message[]
  /** Files of the history that are not fetched yet. */
  unread: FileToFetch[]
  /** Calls of the last reply without an answer, in the model's order. */
  open: ToolCall[]
  /** While some calls of the last reply are open: the answers to its other calls, by call id. */
  answered: Map<string, HistoryResult>
  /** Reviews of calls, by call id. */
  reviews: Map<string, Review>
  /** The turn whose reply requested the open calls. A redrive of a failed turn runs them, too. */
  stepOfRequest: number
  /** Every call id of the task. */
  callIds: Set<string>
}

/** The state of the latest turn. */
export type TurnState = {
  /** Present when a sub-agent runs the turn. */
  parent: Parent | undefined
  /** How long a caller waits for the turn's end, milliseconds. */
  callerWait: number | undefined
  /** Whether a caller watches the turn from its start on. */
  streamed: boolean
  traceId: string
  /** The tasks that answer calls, by call id. */
  children: Map<string, string>
  /** Whether no further model call may be made, because the tree of the turn has reached its limit. */
  callsSpent: boolean
  /** The template engine of the turn, when it differs from the agent's. */
  engine: Engine | undefined
  cancelRequested: boolean
  ended: TurnCompleted | TurnFailed | undefined
  /** Recorded model calls, and the time spent in model calls, including failed ones. */
  steps: number
  /** The recorded model calls of the failed turns that this turn redrives. */
  stepsBefore: number
  modelMs: number
  usage: Usage | undefined
  reply: StepFinished | undefined
  /** The text of the last reply, and the last reply text that was not blank. */
  text: string
  lastAnswer: string
  calls: CallRecord[]
  /** Calls that a failed turn had begun and not ended, when this turn redrives it. */
  callsBegunBefore: Set<string>
  /** Failed calls since the last recorded step, except those after which the history was trimmed. */
  failures: (ModelFailed & Recorded)[]
  /** Whether the history was trimmed since then because the model refused it as too long. */
  trimmedOnRefusal: boolean
  /** Replies that did not match the plan's `output`. */
  misfits: number
  fileFailed: FileFailed | undefined
  /** The files in the results of the turn's tools. */
  resultFiles: FileTotal
}

/** The state of a task without facts. */
export function emptyState(): State {
  return {
    facts: 0,
    at: 0,
    turn: 0,
    plan: '',
    directions: [],
    history: [],
    unread: [],
    open: [],
    answered: new Map(),
    reviews: new Map(),
    stepOfRequest: 0,
    variables: {},
    callIds: new Set(),
    ...freshTurn(),
  }
}

export function freshTurn(): TurnState {
  return {
    parent: undefined,
    callerWait: undefined,
    streamed: false,
    traceId: '',
    children: new Map(),
    callsSpent: false,
    engine: undefined,
    cancelRequested: false,
    ended: undefined,
    steps: 0,
    stepsBefore: 0,
    modelMs: 0,
    usage: undefined,
    reply: undefined,
    text: '',
    lastAnswer: '',
    calls: [],
    callsBegunBefore: new Set(),
    failures: [],
    trimmedOnRefusal: false,
    misfits: 0,
    fileFailed: undefined,
    resultFiles: noFiles,
  }
}
