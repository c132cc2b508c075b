import type { TurnFailure } from './errors.ts'
import type { InputMessage, ToolCall, Usage, VendorData } from './message.ts'
import type { Engine } from './plan.ts'
import type { Said } from './said.ts'
import type { Trim } from './trim.ts'

/** The version of facts that this code writes, and the newest that it can read. */
export const factVersion = 1

export type FinishReason =
  | 'stop'
  | 'function_call'
  | 'length'
  | 'content_filter'
  | 'max_iterations'
  | 'max_time'

/** Why a model stopped speaking. */
export type StopReason = 'stop' | 'length' | 'content_filter' | 'tool_calls'

/** What the caller told of itself and of the run, in its dialect's words: given back, and otherwise unused. */
export type RequestNotes = Record<string, unknown>

/** The call that a turn answers as a sub-agent's, how deep it is below the turn that nobody called, and that turn. */
export type Parent = {
  taskId: string
  turn: number
  callId: string
  depth: number
  root: { taskId: string; turn: number }
}

export type TurnStarted = {
  type: 'turn.started'
  turn: number
  plan: string
  /** The model that is asked first. */
  model: string
  /** What was said before it in the same request, or in the task that this one is a fork of, oldest first. */
  before?: Said[]
  /** How many of these, the first ones, are from there. */
  copied?: number
  /** What was said; absent where a failed turn goes on. */
  message?: InputMessage
  /** The failed turn that this one goes on from, and the message that both answer. */
  redrive?: { turn: number; userMessageId: string }
  /** Absent on a continuation that brings none: then the turn before's hold. */
  variables?: Record<string, unknown>
  engine?: Engine
  assistantMessageId: string
  traceId: string
  spanId: string
  notes?: RequestNotes
  /** What the request asked of this turn alone, as it is told again with it. */
  asked?: RequestNotes
  parent?: Parent
  /** How long a caller waits for the turn's end, milliseconds; absent for background and streamed requests. */
  callerWait?: number
}
/** The message that a turn answers. */
export function userMessageIdOf({
  message,
  redrive,
}: Pick<TurnStarted, 'message' | 'redrive'>): string {
  return message?.messageId ?? redrive?.userMessageId ?? ''
}

export type AttemptStarted = { type: 'attempt.started'; attempt: string; epoch: number }
/** Streamed parts that will never be finished: their attempt died or their call failed. */
export type PartsAbandoned = {
  type: 'parts.abandoned'
  parts: { partId: string; kind: string; deltas: number }[]
}
export type PartFinished = {
  type: 'part.finished'
  step: number
  partId: string
  kind: 'text' | 'reasoning'
  text: string
  deltas: number
  vendor?: VendorData
}
/** A model call that was answered: with this fact its step is recorded. */
export type StepFinished = {
  type: 'step.finished'
  step: number
  /** The place in the plan's chain of the model that answered, and its id. */
  modelIndex: number
  model: string
  reason: StopReason
  calls: ToolCall[]
  /** Why the answer is not what the plan's `output` asks for. */
  problem?: string
  usage?: Usage
  ms: number
}
export type ModelFailed = {
  type: 'model.failed'
  step: number
  modelIndex: number
  model: string
  code: TurnFailure
  message: string
  status?: number
  retryable: boolean
  /** The vendor works, and what it answered is no answer. */
  unusable?: true
  /** How long to wait before the model is asked again, milliseconds from this fact on. */
  wait: number
  /** How long the vendor asked to wait, milliseconds. */
  retryAfter?: number
  ms: number
}
export type ToolCalled = {
  type: 'tool.called'
  callId: string
  toolId: string
  name: string
  displayName?: string
  arguments: Record<string, unknown>
}
export type ToolReturned = {
  type: 'tool.returned'
  callId: string
  toolId: string
  result: unknown
  ms: number
  /** What a sub-agent has used, with all that it has called. */
  usage?: Usage
}
export type ToolFailed = {
  type: 'tool.failed'
  callId: string
  toolId: string
  error: string
  ms: number
  usage?: Usage
}
/** A call is answered by a task of its own, a sub-agent's. */
export type ChildStarted = { type: 'child.started'; callId: string; taskId: string; agent: string }
/** The turn and all that it has called have made as many model calls as they may. */
export type CallsSpent = { type: 'calls.spent' }
/** A file that was sent by its address has been read; `data` is its bytes in base64. */
export type FileFetched = { type: 'file.fetched'; fileId: string; mimeType: string; data: string }
export type FileFailed = { type: 'file.failed'; fileId: string; error: string }
/**
 * What was left out of the history from here on, so that it fits the model: the oldest messages, the
 * oldest steps of the turn that is left first, and the contents of the oldest results and files.
 */
export type ContextTrimmed = {
  type: 'context.trimmed'
  because: 'budget' | 'refused'
} & Trim
/** The turn goes on without a worker, and waits for another until the time `until` (Redis's, epoch milliseconds). */
export type TurnParked = { type: 'turn.parked'; until: number }
/** A call waits for somebody to approve it, until the time `until` (Redis's, epoch milliseconds). */
export type ReviewRequested = {
  type: 'review.requested'
  callId: string
  toolId: string
  name: string
  displayName?: string
  arguments: Record<string, unknown>
  /** Absent: its tool needs approval. */
  because?: 'outcome_unknown'
  until: number
}
/** Somebody has decided, or nobody in time. With `arguments` the call is made with these and no others. */
export type ReviewDecided = {
  type: 'review.decided'
  callId: string
  toolId: string
  review: 'approved' | 'rejected'
  reason?: string
  arguments?: Record<string, unknown>
  by: 'reviewer' | 'expiry'
}
export type CancelRequested = { type: 'cancel.requested'; reason: string }
export type TurnCompleted = {
  type: 'turn.completed'
  reason: FinishReason
  usage?: Usage
  pending: ToolCall[]
}
export type TurnFailed = { type: 'turn.failed'; code: TurnFailure; message: string; status: number }

/** What happened to a task, as it is handed to the log. */
export type NewFact =
  | TurnStarted
  | AttemptStarted
  | PartsAbandoned
  | PartFinished
  | StepFinished
  | ModelFailed
  | ToolCalled
  | ToolReturned
  | ToolFailed
  | ChildStarted
  | CallsSpent
  | FileFetched
  | FileFailed
  | ContextTrimmed
  | TurnParked
  | ReviewRequested
  | ReviewDecided
  | CancelRequested
  | TurnCompleted
  | TurnFailed

/** What the log adds when it records a fact: its version, its number in the task, and Redis's time. */
export type Recorded = { v: number; pos: number; at: number }
export type Fact = NewFact & Recorded

/** A piece of streamed output: provisional until its part's `part.finished`. */
export type NewDelta = { partId: string; kind: 'text' | 'reasoning'; text: string }
export type Delta = NewDelta & { type: 'delta'; pos: number; at: number }
