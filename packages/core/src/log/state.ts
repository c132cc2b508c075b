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

/**
 * A call that a person must look at before it is made, and what was decided; `used` when the call has been begun
 * since.
 */
export type Review = {
  requested: ReviewRequested & Recorded
  decided?: ReviewDecided
  used?: boolean
}

/** What the facts of a task amount to. */
export type State = TaskState & TurnState

/** Of the task as a whole. */
type TaskState = {
  /** How many facts have been folded; a decision names it, so that it is refused when there are more. */
  facts: number
  /** When the last of them was recorded: Redis's time, epoch milliseconds. */
  at: number
  turn: number
  plan: string
  variables: Record<string, unknown>
  /** Instructions for the model beside those of the plan; they are no part of the conversation. */
  directions: string[]
  /** What the next model call is given, but for calls that still wait for their answer. */
  history: Message[]
  /** Files of the history that are not read yet. */
  unread: FileToFetch[]
  /** Calls of the last reply without an answer, in the model's order. */
  open: ToolCall[]
  /** The answers to the other calls of that reply while some are open, by the calls' ids. */
  answered: Map<string, HistoryResult>
  /** Of calls, by their ids. */
  reviews: Map<string, Review>
  /** The turn whose reply asked for them: a redrive of a failed turn runs them, too. */
  stepOfRequest: number
  /** Every call id of the task. */
  callIds: Set<string>
}

/** Of its latest turn. */
export type TurnState = {
  /** Where the turn is a sub-agent's. */
  parent: Parent | undefined
  /** How long a caller waits for its end, milliseconds. */
  callerWait: number | undefined
  traceId: string
  /** The tasks that answer calls, by the calls' ids. */
  children: Map<string, string>
  /** Whether no further model call may be made, since all that belongs to the turn's tree have made enough. */
  callsSpent: boolean
  /** The template engine of the turn, where it is not the agent's. */
  engine: Engine | undefined
  cancelRequested: boolean
  ended: TurnCompleted | TurnFailed | undefined
  /** Recorded model calls, and the time inside model calls, failed ones included. */
  steps: number
  /** Those of the failed turns that this one redrives. */
  stepsBefore: number
  modelMs: number
  usage: Usage | undefined
  reply: StepFinished | undefined
  /** The text of the last reply, and the last text of any reply that was not blank. */
  text: string
  lastAnswer: string
  calls: CallRecord[]
  /** Calls that a failed turn, which this one redrives, had begun and not ended. */
  callsBegunBefore: Set<string>
  /** Failed calls since the last recorded step, but for those after which the history was trimmed. */
  failures: (ModelFailed & Recorded)[]
  /** Whether it was trimmed since, because the model refused it as too long. */
  trimmedOnRefusal: boolean
  /** Replies that were not what the plan's `output` asks for. */
  misfits: number
  fileFailed: FileFailed | undefined
}

/** Of a task without facts. */
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
  }
}
