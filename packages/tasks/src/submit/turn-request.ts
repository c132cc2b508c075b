import type {
  Engine,
  Fact,
  InputMessage,
  InputPart,
  RequestMetadata,
  PriorMessage,
  Priority,
  TurnRef,
  TurnStarted,
} from '@longhaul/core'
import type { PlanChanges } from '../plan/adapt-plan.ts'
import type { ReadItems, SentItem, WithPaths } from './input/input-item.ts'

/** One POST: the first turn of a new task, or the next one of `taskId`. */
export type TurnRequest = RequestFields & Messages

/** A request with its input as items, some of which may repeat or name items of earlier responses. */
export type ItemRequest = RequestFields & { items: SentItem[]; readItems: ReadItems }

export type RequestFields = Answerer & {
  workspace: string
  taskId?: string
  /**
   * In place of `taskId`: the response or the conversation that the turn continues. When it cannot continue in the same
   * task, it begins a new one with a copy of the messages.
   */
  follows?: { response: string } | { conversation: string }
  /** The message is literal text, without templates. */
  literal?: true
  /** The message must answer every waiting call, not only some of them. */
  complete?: true
  variables?: Record<string, unknown>
  engine?: Engine
  changes?: PlanChanges
  /** The paths of the caller's tools that are left out. */
  ignored?: string[]
  notes?: RequestMetadata
  asked?: RequestMetadata
  labels?: string[]
  /** Requests with the same key and the same fingerprint are one request. `isNew`: no earlier request has the key. */
  idempotency?: { key: string; fingerprint: string; isNew?: boolean }
  /** The identity of a turn that its caller may submit again: the same task and the same request id. */
  fixed?: { taskId: string; requestId: string }
  /** Whether the secrets of the variables are sealed already. */
  hasSealedVariables?: true
  /** How long the caller waits for the end of the turn, milliseconds; absent where it does not wait, or watches. */
  callerWait?: number | undefined
  /** Whether a caller waits for the end of the turn, or watches it. */
  isAwaited?: boolean
  /** Whether a caller watches the turn from its start on. */
  streamed?: boolean
  /** How soon the turn starts among those of its fairness key, and that key. */
  priority?: Priority
  fairnessKey?: string
  /** When the turn starts: a time (epoch milliseconds), or so many milliseconds from now on. */
  startAt?: number
  startInMs?: number
  /** How long the turn may wait for a worker, from its start on. */
  expiresInMs?: number
  /** What is notified of the turn besides the endpoints of the workspace: a URL, or the id of an endpoint. */
  webhook?: string
  /** Whether the task has the usual retention; else it is kept for `limits.unstored`. */
  stored?: boolean
}

export type Messages = {
  /** The messages before `message`, oldest first. */
  before?: (PriorMessage & WithPaths)[]
  /** Without parts, the model continues after its own answer, the last of the messages before. */
  message: { messageId?: string; role: InputMessage['role']; parts: InputPart[] } & WithPaths
  /** The items of earlier responses from which messages come, by their ids. */
  origins?: string[]
}

/**
 * What answers: an agent by its key or id, with or without `@version`; or a model alone, by its `provider/model` id.
 */
export type Answerer = { agent: string; model?: never } | { agent?: never; model: string }

/** An accepted turn: it is stored and cannot be lost. */
export type AcceptedTurn = TurnRef & {
  startedAt: number
  model: string
  messageId: string
  userMessageId: string
  traceId: string
  spanId: string
  /** The number (`pos`) at which the turn begins, and the index of its first fact in the log. */
  pos: number
  fact: number
  /** Its first fact. */
  began: Fact & TurnStarted
  /** True for a repeat of a request whose turn was accepted before. */
  replayed: boolean
}
