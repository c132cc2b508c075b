import type { Message, ReplyPart, ModelStopReason, Usage, VendorData } from '../history/message.ts'
import type { OutputFormat } from '../manifest/output-format.ts'
import type { ModelChoice } from '../manifest/plan.ts'
import type { ToolChoice } from '../manifest/model-parameters.ts'
import type { TurnFailure } from '../log/turn-failure.ts'

/** One step to be asked of a model. */
export type ModelRequest = {
  model: ModelChoice
  system: string
  messages: Message[]
  tools: { name: string; description: string; parameters: Record<string, unknown> }[]
  toolChoice?: ToolChoice
  /** What the answer must be, when it is not free text. */
  output?: OutputFormat
  /** The same on every repeat of the step; sent as the header `Idempotency-Key`. */
  idempotencyKey: string
  /** How long the call may take, milliseconds, where that is less than any call may. */
  withinMs?: number
}

/** New text of the answer's part number `part`, counted from 0 in the order in which parts begin. */
export type ModelDelta = { part: number; kind: ReplyPart['kind']; text: string }

export type ModelReply = {
  /** In the order and number of the deltas' `part`. */
  parts: ReplyPart[]
  /** As the vendor gave them: ids may be missing or repeated, arguments may be no JSON. */
  calls: { callId: string; name: string; arguments: string; vendor?: VendorData }[]
  reason: ModelStopReason
  usage?: Usage
}

/** Asks models. Rejects with a `ModelError`, or with the signal's reason when it was aborted. */
export interface Models {
  ask(
    request: ModelRequest,
    options: { signal: AbortSignal; onDelta: (delta: ModelDelta) => void },
  ): Promise<ModelReply>
}

/** A model call that brought no answer. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly code: TurnFailure
  /** The vendor's HTTP status, where there was one. */
  readonly status: number | undefined
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** What the vendor asked to wait, milliseconds. */
  readonly retryAfter: number | undefined
  /** The vendor works, and what it answered is no answer: another try helps at once, or hardly ever. */
  readonly unusable: boolean

  constructor(
    message: string,
    options: {
      code?: TurnFailure
      status?: number | undefined
      retryable: boolean
      retryAfter?: number | undefined
      unusable?: boolean
      cause?: unknown
    },
  ) {
    super(message, { cause: options.cause })
    this.code = options.code ?? 'provider_failed'
    this.status = options.status
    this.retryable = options.retryable
    this.retryAfter = options.retryAfter
    this.unusable = options.unusable ?? false
  }
}
