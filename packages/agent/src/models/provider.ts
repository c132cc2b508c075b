import type { ModelReply, ModelRequest, ReplyPart, StopReason, Usage } from '@longhaul/core'

/** What arrives while a model answers; `end` comes last, and an answer without one was cut. */
export type ProviderEvent =
  | { type: ReplyPart['kind']; text: string }
  /** A piece of a call's arguments: a sign of life, and output that counts. */
  | { type: 'arguments'; text: string }
  | { type: 'call'; call: ModelReply['calls'][number] }
  | { type: 'end'; reason: StopReason; usage?: Usage }

/** A vendor's wire. It keeps no time, counts nothing and retries nothing: that is `createModels`'s. */
export type Provider = {
  /**
   * Asks `model`, an id without the provider's name. Throws a `ModelError` when the vendor fails.
   * Closes its connection when the signal is aborted or the reader stops.
   */
  stream(model: string, request: ModelRequest, signal: AbortSignal): AsyncIterable<ProviderEvent>
}
