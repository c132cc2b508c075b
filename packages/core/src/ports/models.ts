import type { VendorReports } from './model-buckets.ts'
import type { Message, ReplyPart, ModelStopReason, Usage, VendorData } from '../history/message.ts'
import type { OutputFormat } from '../manifest/output-format.ts'
import type { ModelChoice } from '../manifest/plan.ts'
import type { ToolChoice } from '../manifest/model-parameters.ts'
import type { TurnFailure } from '../log/turn-failure.ts'

/** The request for one step of a model. */
export type ModelRequest = {
  model: ModelChoice
  system: string
  messages: Message[]
  tools: {
    name: string
    description: string
    parameters: Record<string, unknown>
    /** Set when the vendor must let the model write only arguments that match the schema. */
    strict?: true
  }[]
  toolChoice?: ToolChoice
  /** The required form of the answer, when it is not free text. */
  output?: OutputFormat
  /** The same for every repetition of the step. It is sent as the header `Idempotency-Key`. */
  idempotencyKey: string
  /** The time limit of the call in milliseconds, when it is lower than that of every call. */
  withinMs?: number
}

/** New text of part number `part` of the answer, counted from 0 in the order in which parts begin. */
export type ModelDelta = {
  part: number
  kind: ReplyPart['kind']
  text: string
  /** The part is a refusal. */
  refusal?: true
}

export type ModelReply = {
  /** In the order and number of the deltas' `part`. */
  parts: ReplyPart[]
  /** The calls as the vendor sent them: ids may be missing or repeated, and arguments may not be JSON. */
  calls: { callId: string; name: string; arguments: string; vendor?: VendorData }[]
  reason: ModelStopReason
  usage?: Usage
  /** What the vendor reports of its own limits. */
  reports?: VendorReports
}

/** Calls models. Rejects with a `ModelError`, or with the signal's reason when the signal aborts. */
export interface Models {
  ask(
    request: ModelRequest,
    options: { signal: AbortSignal; onDelta: (delta: ModelDelta) => void },
  ): Promise<ModelReply>
}

/** A model call without an answer. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly code: TurnFailure
  /** The vendor's HTTP status, if there was one. */
  readonly status: number | undefined
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** The pause that the vendor requested, milliseconds. */
  readonly retryAfter: number | undefined
  /** The vendor answered, but the answer cannot be used. Another try helps at once, or hardly ever. */
  readonly unusable: boolean
  /** The vendor has not received the call. */
  readonly unsent: boolean
  /** What the vendor reports of its own limits. */
  readonly reports: VendorReports | undefined

  constructor(
    message: string,
    options: {
      code?: TurnFailure
      status?: number | undefined
      retryable: boolean
      retryAfter?: number | undefined
      unusable?: boolean
      unsent?: boolean
      reports?: VendorReports | undefined
      cause?: unknown
    },
  ) {
    super(message, { cause: options.cause })
    this.code = options.code ?? 'provider_failed'
    this.status = options.status
    this.retryable = options.retryable
    this.retryAfter = options.retryAfter
    this.unusable = options.unusable ?? false
    this.unsent = options.unsent ?? false
    this.reports = options.reports
  }
}
