import type {
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider'
import { ModelError } from '@longhaul/core'
import type { ModelReply, ModelStopReason, VendorData } from '@longhaul/core'
import { unmarkLargeIntegers } from './large-integers.ts'
import type { Vendor } from '../vendor.ts'
import type { ProviderEvent } from '../provider.ts'
import { toUsage } from './to-usage.ts'
import { answerCut, frameError } from '../errors/vendor-error.ts'

/**
 * Converts the library's stream into a provider's events. Throws a `ModelError` when the vendor fails within its
 * answer.
 */
export async function* readStream(
  stream: AsyncIterable<LanguageModelV4StreamPart>,
  vendor: Pick<Vendor, 'key' | 'apiKey' | 'figures' | 'annotationsIn' | 'chunkReader'>,
): AsyncGenerator<ProviderEvent> {
  const { key, apiKey, figures } = vendor
  const chunks = vendor.chunkReader?.()
  /** The calls for which a piece of the arguments has arrived. */
  const begun = new Set<string>()
  for await (const part of stream) {
    const of = vendor.annotationsIn?.(part)
    // Other types are no part of an answer: metadata, and results of a vendor's own tools.
    const { type } = part
    if (type === 'raw' && chunks !== undefined) {
      for (const event of chunks.read(part.rawValue)) yield event
    } else if (type === 'text-delta' && chunks?.isRefusal(part.delta) === true) {
      yield { type: 'text', text: part.delta, block: 'refusal', refusal: true }
    } else if (type === 'text-start' || type === 'text-delta' || type === 'text-end') {
      yield toPiece('text', part, key)
      if (of !== undefined) yield { type: 'annotations', of }
    } else if (
      type === 'reasoning-start' ||
      type === 'reasoning-delta' ||
      type === 'reasoning-end'
    ) {
      yield toPiece('reasoning', part, key)
    } else if (type === 'tool-input-start') {
      yield { type: 'arguments', text: part.id + part.toolName }
    } else if (type === 'tool-input-delta') {
      begun.add(part.id)
      yield { type: 'arguments', text: part.delta }
    } else if (type === 'tool-call') {
      yield { type: 'call', call: toCall(part, { key, begun: begun.has(part.toolCallId) }) }
    } else if (type === 'ping') {
      yield { type: 'ping' }
    } else if (type === 'error') {
      throw frameError(part.error, apiKey)
    } else if (type === 'finish') {
      if (of !== undefined) yield { type: 'annotations', of }
      const details = chunks?.details() ?? []
      if (details.length > 0) {
        yield { type: 'signature', vendor: { [key]: { reasoning_details: details } } }
      }
      const usage = toUsage(part.usage, figures)
      const reason = toStopReason(part.finishReason)
      yield { type: 'end', reason, ...(usage === undefined ? {} : { usage }) }
    }
  }
}

function toPiece(
  type: 'text' | 'reasoning',
  part: { id: string; delta?: string; providerMetadata?: SharedV4ProviderMetadata },
  key: string,
): ProviderEvent {
  const vendor = vendorData(part.providerMetadata, key)
  return {
    type,
    block: part.id,
    text: unmarkLargeIntegers(part.delta ?? ''),
    ...(vendor && { vendor }),
  }
}

function toCall(
  { toolCallId: callId, toolName: name, input, providerMetadata }: LanguageModelV4ToolCall,
  { key, begun }: { key: string; begun: boolean },
): ModelReply['calls'][number] {
  const vendor = vendorData(providerMetadata, key)
  // The library returns an empty object for arguments that the model could not begin before its output limit.
  const text = input === '{}' && !begun ? '' : unmarkLargeIntegers(input)
  return { callId, name, arguments: text, ...(vendor && { vendor }) }
}

function vendorData(
  metadata: SharedV4ProviderMetadata | undefined,
  key: string,
): VendorData | undefined {
  const data = metadata?.[key]
  return data === undefined ? undefined : { [key]: data }
}

function toStopReason({ unified, raw }: LanguageModelV4FinishReason): ModelStopReason {
  if (unified === 'length') return 'length'
  // The library turns the end of a refusal into that of a filtered answer.
  if (unified === 'content-filter') return raw === 'stop' ? 'stop' : 'content_filter'
  if (unified === 'tool-calls') return 'tool_calls'
  if (raw === undefined) throw answerCut()
  // Some gateways end a failed answer with the reason "error". Other unknown reasons mean a normal end.
  if (unified === 'error' || raw === 'error') {
    const problem = 'the provider failed within its answer'
    throw new ModelError(problem, { retryable: true, unusable: true })
  }
  return 'stop'
}
