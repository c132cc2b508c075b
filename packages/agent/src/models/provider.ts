import type {
  Annotations,
  ModelReply,
  ModelRequest,
  ReplyPart,
  ModelStopReason,
  Usage,
  VendorData,
  VendorReports,
} from '@longhaul/core'

/** The events of a model's answer. `end` comes last; an answer without it was cut. */
export type ProviderEvent =
  /**
   * More text of the current part, or data that the vendor needs back with it. Another kind or another `block` than
   * before begins a new part.
   */
  | { type: ReplyPart['kind']; text: string; block?: string; refusal?: true; vendor?: VendorData }
  /** Sources of the text that came last, or of the first text. `of` receives that text as far as it has arrived. */
  | { type: 'annotations'; of: (text: string) => Annotations }
  /** Data that the vendor needs back with the reasoning, which may be invisible. It was counted as output before. */
  | { type: 'signature'; vendor: VendorData }
  /** The beginning of a call, or a piece of its arguments. It resets the timeout and counts as output. */
  | { type: 'arguments'; text: string }
  | { type: 'call'; call: ModelReply['calls'][number] }
  /** Resets the timeout, without output. */
  | { type: 'ping' }
  /** What the vendor reports of its own limits. */
  | { type: 'reports'; reports: VendorReports }
  | { type: 'end'; reason: ModelStopReason; usage?: Usage }

/** The wire format of a vendor. Time limits and size limits are in `createModels`; a provider does not retry. */
export type Provider = {
  /**
   * Calls `model`, an id without the provider's name. Throws a `ModelError` when the vendor fails. Closes its
   * connection when the signal is aborted or the reader stops.
   */
  stream(model: string, request: ModelRequest, signal: AbortSignal): AsyncIterable<ProviderEvent>
}

/** The address of a vendor, and the key that it requires. */
export type Server = { baseUrl: string; apiKey?: string | undefined }

/** The field in which a server wants the reasoning of its model back; without it, Longhaul learns that from its answers. */
export type ReturnReasoning = 'reasoning_content' | 'reasoning' | 'reasoning_details' | 'none'
