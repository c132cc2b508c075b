import type {
  Engine,
  Fact,
  InputMessage,
  InputPart,
  RequestMetadata,
  PriorMessage,
  TurnRef,
  TurnStarted,
} from '@longhaul/core'
import type { PlanChanges } from '../plan/adapt-plan.ts'

/** One POST: the first turn of a new task, or the next one of `taskId`. */
export type TurnRequest = Answerer & {
  workspace: string
  taskId?: string
  /**
   * In place of `taskId`: the response, or the conversation, that the turn goes on from. Where it cannot go on in
   * the same task, it begins a new one with a copy of what was said.
   */
  follows?: { response: string } | { conversation: string }
  /** What was said before the message, oldest first. */
  before?: (PriorMessage & WithPaths)[]
  message: { messageId?: string; role: InputMessage['role']; parts: InputPart[] } & WithPaths
  /** What the user says has no templates in it. */
  literal?: true
  /** Every call that waits must be answered, and not just some of them. */
  complete?: true
  variables?: Record<string, unknown>
  engine?: Engine
  changes?: PlanChanges
  notes?: RequestMetadata
  asked?: RequestMetadata
  labels?: string[]
  /** Under one key, requests of one fingerprint are one request. */
  idempotency?: { key: string; fingerprint: string }
  /** How long the caller waits for the end of the turn, milliseconds; absent where it does not, or watches. */
  callerWait?: number | undefined
  /** Whether it is kept for as long as tasks are; else for `limits.unstored`. */
  stored?: boolean
}

/** Who answers: an agent by its key or id, with or without `@version`; or a model alone, by its `provider/model` id. */
export type Answerer = { agent: string; model?: never } | { agent?: never; model: string }

/** Where in the caller's body the parts of a message stand, if not in `message.parts`. */
export type WithPaths = { paths?: string[] }

/** A turn that was accepted: from here on it is not lost. */
export type AcceptedTurn = TurnRef & {
  startedAt: number
  model: string
  messageId: string
  userMessageId: string
  traceId: string
  spanId: string
  /** Where the turn begins in the task's numbers and in its log. */
  pos: number
  fact: number
  /** Its first fact. */
  began: Fact & TurnStarted
  /** It had been accepted before: this was a repeat of that request. */
  replayed: boolean
}
