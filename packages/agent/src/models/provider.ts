import type {
  ModelReply,
  ModelRequest,
  ReplyPart,
  ModelStopReason,
  Usage,
  VendorData,
} from '@longhaul/core'

/** What arrives while a model answers; `end` comes last, and an answer without one was cut. */
export type ProviderEvent =
  /**
   * More text of the part that is being written, or what the vendor wants back with it. Another kind
   * or another `block` than before begins a new part.
   */
  | { type: ReplyPart['kind']; text: string; block?: string; vendor?: VendorData }
  /** The beginning of a call, or a piece of its arguments: a sign of life, and output that counts. */
  | { type: 'arguments'; text: string }
  | { type: 'call'; call: ModelReply['calls'][number] }
  /** A sign of life without output. */
  | { type: 'ping' }
  | { type: 'end'; reason: ModelStopReason; usage?: Usage }

/** A vendor's wire. It keeps no time, counts nothing and retries nothing: that is `createModels`'s. */
export type Provider = {
  /**
   * Asks `model`, an id without the provider's name. Throws a `ModelError` when the vendor fails.
   * Closes its connection when the signal is aborted or the reader stops.
   */
  stream(model: string, request: ModelRequest, signal: AbortSignal): AsyncIterable<ProviderEvent>
}

/** Where a vendor listens, and the key it asks for. */
export type Server = { baseUrl: string; apiKey?: string | undefined }
