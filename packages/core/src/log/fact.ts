import { z } from 'zod'
import { TurnFailure } from './turn-failure.ts'
import {
  InputFile,
  Annotations,
  InputMessage,
  ModelStopReason,
  StoredValue,
  ToolCall,
  Usage,
  VendorData,
} from '../history/message.ts'
import { Engine } from '../manifest/plan.ts'
import { PriorMessage } from '../history/prior-message.ts'
import { Trim } from '../history/trim.ts'

/**
 * The catalogue of facts. A new fact is a schema here and an entry of `NewFact`; the compiler then reports each
 * projection that lacks it (`PerFact`).
 *
 * The store holds facts that older versions recorded, so a field that is added later is optional.
 */

/** The version of facts that this code writes, and the newest version that it can read. */
export const factVersion = 1

/**
 * The version of heads that this code writes, and the newest version that it can read. Version 2 queues turns in
 * backlogs.
 */
export const headVersion = 2

export const FinishReason = z.enum([
  'stop',
  'function_call',
  'length',
  'content_filter',
  'max_iterations',
  'max_time',
])
export type FinishReason = z.infer<typeof FinishReason>

const freeMap = z.record(z.string(), z.unknown())
/** A number of milliseconds. */
const ms = z.number()
/** Redis's time, epoch milliseconds. */
const time = z.number()

/**
 * Metadata of the caller and of the run, in the terms of its dialect. It is returned to callers and not used otherwise.
 */
export const RequestMetadata = freeMap
export type RequestMetadata = z.infer<typeof RequestMetadata>

/** The call that a sub-agent's turn answers, its depth below the turn at the root of the tree, and that root. */
export const Parent = z.object({
  taskId: z.string(),
  turn: z.int(),
  callId: z.string(),
  depth: z.int(),
  root: z.object({ taskId: z.string(), turn: z.int() }),
})
export type Parent = z.infer<typeof Parent>

export const TurnStarted = z.object({
  type: z.literal('turn.started'),
  turn: z.int(),
  plan: z.string(),
  /** The model that is called first. */
  model: z.string(),
  /** Prior messages of the same request, or of the task from which this one was forked, oldest first. */
  before: z.array(PriorMessage).exactOptional(),
  /** How many of the first prior messages are copies of that task's messages. */
  copied: z.int().exactOptional(),
  /**
   * Where prior messages come from: a response id stands for the response and everything before it in its task, an item
   * id for that item of another response.
   */
  origins: z.array(z.string()).exactOptional(),
  /** Absent where the turn redrives a failed one. */
  message: InputMessage.exactOptional(),
  /** The failed turn that this one continues, and the message that both answer. */
  redrive: z.object({ turn: z.int(), userMessageId: z.string() }).exactOptional(),
  /** Absent on a continuation without variables: then those of the previous turn apply. */
  variables: freeMap.exactOptional(),
  engine: Engine.exactOptional(),
  assistantMessageId: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  notes: RequestMetadata.exactOptional(),
  /** Request parameters for this turn alone. Projections of the turn show them. */
  asked: freeMap.exactOptional(),
  /** The paths of tools in the request that are left out, since the server would have to run them. */
  ignored: z.array(z.string()).exactOptional(),
  parent: Parent.exactOptional(),
  /** How long a caller waits for the turn's end; absent for background and streamed requests. */
  callerWait: ms.exactOptional(),
  /** A caller watches the turn from its start on. */
  streamed: z.literal(true).exactOptional(),
  /** A URL, or the id of an endpoint, that is notified of this turn besides the others. */
  webhook: z.string().exactOptional(),
})
export type TurnStarted = z.infer<typeof TurnStarted>

/** Why a queued turn waits, other than for a free slot. */
export const QueuedFor = z.enum([
  'start_at',
  'paused',
  'workspace_running',
  'fairness_key_running',
  'model_requests',
  'model_tokens',
  'repair',
])

export const AttemptStarted = z.object({
  type: z.literal('attempt.started'),
  attempt: z.string(),
  epoch: z.int(),
  /** The time before which the turn was not to start, if it had one. */
  startAt: time.exactOptional(),
  /** Why the turn has waited in the queue, each reason with the time until which it applied at the latest. */
  waited: z.array(z.object({ for: QueuedFor, until: time })).exactOptional(),
})
export type AttemptStarted = z.infer<typeof AttemptStarted>

/** Streamed parts that will never be finished: their attempt died or their call failed. */
export const PartsAbandoned = z.object({
  type: z.literal('parts.abandoned'),
  parts: z.array(z.object({ partId: z.string(), kind: z.string(), deltas: z.int() })),
})
export type PartsAbandoned = z.infer<typeof PartsAbandoned>

export const PartFinished = z.object({
  type: z.literal('part.finished'),
  step: z.int(),
  partId: z.string(),
  kind: z.enum(['text', 'reasoning']),
  text: z.string(),
  refusal: z.literal(true).exactOptional(),
  annotations: Annotations.exactOptional(),
  deltas: z.int(),
  /**
   * No delta of the part was recorded, and `deltas` is 1: readers receive its text as one delta, whose number is the one
   * before the number of this fact.
   */
  whole: z.literal(true).exactOptional(),
  vendor: VendorData.exactOptional(),
})
export type PartFinished = z.infer<typeof PartFinished>

/** How long the worker held the call back before it made it, for the rate of its model. */
const rateWait = { rateMs: ms.exactOptional() }

/** A model call was answered. This fact records its step. */
export const StepFinished = z.object({
  type: z.literal('step.finished'),
  step: z.int(),
  /** The index of the answering model in the plan's chain, and its id. */
  modelIndex: z.int(),
  model: z.string(),
  reason: ModelStopReason,
  calls: z.array(ToolCall),
  /** Why the answer does not match the plan's `output`. */
  problem: z.string().exactOptional(),
  usage: Usage.exactOptional(),
  ms,
  /** The time from the request to the first output of the model. */
  firstMs: ms.exactOptional(),
  ...rateWait,
})
export type StepFinished = z.infer<typeof StepFinished>

export const ModelFailed = z.object({
  type: z.literal('model.failed'),
  step: z.int(),
  modelIndex: z.int(),
  model: z.string(),
  code: TurnFailure,
  message: z.string(),
  status: z.int().exactOptional(),
  retryable: z.boolean(),
  /** The vendor answered, but the answer cannot be used. */
  unusable: z.literal(true).exactOptional(),
  /** How long to wait, from this fact on, before the model is called again. */
  wait: ms,
  /** The pause that the vendor requested. */
  retryAfter: ms.exactOptional(),
  ms,
  ...rateWait,
})
export type ModelFailed = z.infer<typeof ModelFailed>

export const ToolCalled = z.object({
  type: z.literal('tool.called'),
  callId: z.string(),
  toolId: z.string(),
  name: z.string(),
  displayName: z.string().exactOptional(),
  arguments: freeMap,
})
export type ToolCalled = z.infer<typeof ToolCalled>

export const ToolReturned = z.object({
  type: z.literal('tool.returned'),
  callId: z.string(),
  toolId: z.string(),
  result: StoredValue,
  /** The images and documents of the result. `result` is its text. */
  files: z.array(InputFile).exactOptional(),
  ms,
  /** The usage of a sub-agent, including all agents that it called. */
  usage: Usage.exactOptional(),
})
export type ToolReturned = z.infer<typeof ToolReturned>

export const ToolFailed = z.object({
  type: z.literal('tool.failed'),
  callId: z.string(),
  toolId: z.string(),
  error: z.string(),
  ms,
  usage: Usage.exactOptional(),
})
export type ToolFailed = z.infer<typeof ToolFailed>

/** A task of a sub-agent answers a call. */
export const ChildStarted = z.object({
  type: z.literal('child.started'),
  callId: z.string(),
  taskId: z.string(),
  agent: z.string(),
})
export type ChildStarted = z.infer<typeof ChildStarted>

/** The turn and all its sub-agents have made as many model calls as they may. */
export const CallsSpent = z.object({ type: z.literal('calls.spent') })
export type CallsSpent = z.infer<typeof CallsSpent>

/** A file that was sent by address was fetched. `data` is its bytes in base64. */
export const FileFetched = z.object({
  type: z.literal('file.fetched'),
  fileId: z.string(),
  mimeType: z.string(),
  data: z.string(),
})
export type FileFetched = z.infer<typeof FileFetched>

export const FileFailed = z.object({
  type: z.literal('file.failed'),
  fileId: z.string(),
  error: z.string(),
})
export type FileFailed = z.infer<typeof FileFailed>

/**
 * The parts that are left out of the history from here on, so that it fits the model: the oldest messages, the oldest
 * steps of the first turn that is left, and the contents of the oldest results and files.
 */
export const ContextTrimmed = z.object({
  type: z.literal('context.trimmed'),
  because: z.enum(['budget', 'refused']),
  ...Trim.shape,
})
export type ContextTrimmed = z.infer<typeof ContextTrimmed>

/** What a parked turn waits for. */
export const ParkedFor = z.enum([
  'approval',
  'sub_agent',
  'provider_retry',
  'model_requests',
  'model_tokens',
  'budget',
  'timer',
])
export type ParkedFor = z.infer<typeof ParkedFor>

/** The turn releases its worker and waits until a time for another one. */
export const TurnParked = z.object({
  type: z.literal('turn.parked'),
  until: time,
  /** What it waits for, and what it waits for besides. */
  for: ParkedFor.exactOptional(),
  also: z.array(ParkedFor).exactOptional(),
})
export type TurnParked = z.infer<typeof TurnParked>

/** A call waits until a time for a reviewer to approve it. */
export const ReviewRequested = z.object({
  type: z.literal('review.requested'),
  callId: z.string(),
  toolId: z.string(),
  name: z.string(),
  displayName: z.string().exactOptional(),
  arguments: freeMap,
  /** Absent when the tool of the call needs approval. */
  because: z.literal('outcome_unknown').exactOptional(),
  until: time,
})
export type ReviewRequested = z.infer<typeof ReviewRequested>

/**
 * A reviewer has decided, or the time for a decision has expired. With `arguments`, the call is made with exactly
 * these.
 */
export const ReviewDecided = z.object({
  type: z.literal('review.decided'),
  callId: z.string(),
  toolId: z.string(),
  review: z.enum(['approved', 'rejected']),
  reason: z.string().exactOptional(),
  arguments: freeMap.exactOptional(),
  by: z.enum(['reviewer', 'expiry']),
})
export type ReviewDecided = z.infer<typeof ReviewDecided>

export const CancelRequested = z.object({
  type: z.literal('cancel.requested'),
  reason: z.string(),
})
export type CancelRequested = z.infer<typeof CancelRequested>

export const TurnCompleted = z.object({
  type: z.literal('turn.completed'),
  reason: FinishReason,
  usage: Usage.exactOptional(),
  pending: z.array(ToolCall),
})
export type TurnCompleted = z.infer<typeof TurnCompleted>

/** `status` is the HTTP status of its code at that time. */
export const TurnFailed = z.object({
  type: z.literal('turn.failed'),
  code: TurnFailure,
  message: z.string(),
  status: z.int(),
})
export type TurnFailed = z.infer<typeof TurnFailed>

/** A fact as it is passed to the log. */
export const NewFact = z.discriminatedUnion('type', [
  TurnStarted,
  AttemptStarted,
  PartsAbandoned,
  PartFinished,
  StepFinished,
  ModelFailed,
  ToolCalled,
  ToolReturned,
  ToolFailed,
  ChildStarted,
  CallsSpent,
  FileFetched,
  FileFailed,
  ContextTrimmed,
  TurnParked,
  ReviewRequested,
  ReviewDecided,
  CancelRequested,
  TurnCompleted,
  TurnFailed,
])
export type NewFact = z.infer<typeof NewFact>
export type FactType = NewFact['type']

/** The fields that the log adds when it records a fact: its version, its number in the task, and Redis's time. */
export const Recorded = z.object({ v: z.int(), pos: z.int(), at: time })
export type Recorded = z.infer<typeof Recorded>

export const Fact = z.intersection(NewFact, Recorded)
export type Fact = z.infer<typeof Fact>
export type FactOf<Type extends FactType> = Extract<Fact, { type: Type }>

/** The message that a turn answers. */
export function userMessageIdOf({
  message,
  redrive,
}: Pick<TurnStarted, 'message' | 'redrive'>): string {
  return message?.messageId ?? redrive?.userMessageId ?? ''
}

/** Whether an entry of a log or a stream is the end of its turn. */
export function endsTurn({ type }: { type: string }): boolean {
  return type === 'turn.completed' || type === 'turn.failed'
}
