import { z } from 'zod'
import { TurnFailure } from './turn-failure.ts'
import {
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
 * The catalogue of facts: what can happen to a task. A new fact is a schema here, and an entry of `NewFact`; the
 * compiler then names each projection that does not know it (`PerFact`).
 *
 * The store holds facts that older versions recorded, so a field that comes later is optional.
 */

/** The version of facts that this code writes, and the newest that it can read. */
export const factVersion = 1

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

/** Metadata of the caller and of the run, in the words of its dialect: returned, and otherwise unused. */
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
  /** The model that is asked first. */
  model: z.string(),
  /** Prior messages of the same request, or of the task that this one is a fork of, oldest first. */
  before: z.array(PriorMessage).exactOptional(),
  /** How many of these, the first ones, are copies of that task's. */
  copied: z.int().exactOptional(),
  /** Absent where the turn redrives a failed one. */
  message: InputMessage.exactOptional(),
  /** The failed turn that this one continues, and the message that both answer. */
  redrive: z.object({ turn: z.int(), userMessageId: z.string() }).exactOptional(),
  /** Absent on a continuation without variables: those of the turn before hold. */
  variables: freeMap.exactOptional(),
  engine: Engine.exactOptional(),
  assistantMessageId: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  notes: RequestMetadata.exactOptional(),
  /** What the request asked of this turn alone; the turn is shown with it. */
  asked: freeMap.exactOptional(),
  parent: Parent.exactOptional(),
  /** How long a caller waits for the turn's end; absent for background and streamed requests. */
  callerWait: ms.exactOptional(),
})
export type TurnStarted = z.infer<typeof TurnStarted>

export const AttemptStarted = z.object({
  type: z.literal('attempt.started'),
  attempt: z.string(),
  epoch: z.int(),
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
  deltas: z.int(),
  vendor: VendorData.exactOptional(),
})
export type PartFinished = z.infer<typeof PartFinished>

/** A model call that was answered: with this fact its step is recorded. */
export const StepFinished = z.object({
  type: z.literal('step.finished'),
  step: z.int(),
  /** The place in the plan's chain of the model that answered, and its id. */
  modelIndex: z.int(),
  model: z.string(),
  reason: ModelStopReason,
  calls: z.array(ToolCall),
  /** Why the answer is not what the plan's `output` asks for. */
  problem: z.string().exactOptional(),
  usage: Usage.exactOptional(),
  ms,
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
  /** The vendor works, and what it answered is no answer. */
  unusable: z.literal(true).exactOptional(),
  /** How long to wait before the model is asked again, from this fact on. */
  wait: ms,
  /** How long the vendor asked to wait. */
  retryAfter: ms.exactOptional(),
  ms,
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
  ms,
  /** What a sub-agent has used, with all that it has called. */
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

/** A call is answered by a task of its own, a sub-agent's. */
export const ChildStarted = z.object({
  type: z.literal('child.started'),
  callId: z.string(),
  taskId: z.string(),
  agent: z.string(),
})
export type ChildStarted = z.infer<typeof ChildStarted>

/** The turn and all that it has called have made as many model calls as they may. */
export const CallsSpent = z.object({ type: z.literal('calls.spent') })
export type CallsSpent = z.infer<typeof CallsSpent>

/** A file that was sent by its address has been read; `data` is its bytes in base64. */
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
 * What was left out of the history from here on, so that it fits the model: the oldest messages, the
 * oldest steps of the turn that is left first, and the contents of the oldest results and files.
 */
export const ContextTrimmed = z.object({
  type: z.literal('context.trimmed'),
  because: z.enum(['budget', 'refused']),
  ...Trim.shape,
})
export type ContextTrimmed = z.infer<typeof ContextTrimmed>

/** The turn gives up its worker, and waits for another until a time. */
export const TurnParked = z.object({ type: z.literal('turn.parked'), until: time })
export type TurnParked = z.infer<typeof TurnParked>

/** A call waits until a time for a reviewer to approve it. */
export const ReviewRequested = z.object({
  type: z.literal('review.requested'),
  callId: z.string(),
  toolId: z.string(),
  name: z.string(),
  displayName: z.string().exactOptional(),
  arguments: freeMap,
  /** Absent: its tool needs approval. */
  because: z.literal('outcome_unknown').exactOptional(),
  until: time,
})
export type ReviewRequested = z.infer<typeof ReviewRequested>

/** A reviewer has decided, or nobody in time. With `arguments` the call is made with these and no others. */
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

/** What happened to a task, as it is given to the log. */
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

/** What the log adds when it records a fact: its version, its number in the task, and Redis's time. */
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
