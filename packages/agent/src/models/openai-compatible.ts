import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  LanguageModelV4ToolChoice,
} from '@ai-sdk/provider'
import { ModelError } from '@longhaul/core'
import type { ModelReply, ModelRequest, StopReason, ToolChoice } from '@longhaul/core'
import { boundedFetch } from './bounded-fetch.ts'
import type { Provider, ProviderEvent } from './provider.ts'
import { toPrompt } from './to-prompt.ts'
import { toUsage } from './to-usage.ts'
import { frameError, toModelError } from './vendor-error.ts'
import { wireParameters } from './wire-parameters.ts'

/** Any server that speaks OpenAI's chat completions; `baseUrl` is what stands before `/chat/completions`. */
export function openaiCompatible({
  baseUrl,
  apiKey,
}: {
  baseUrl: string
  apiKey?: string | undefined
}): Provider {
  const server = createOpenAICompatible({
    name: optionsKey,
    baseURL: baseUrl,
    includeUsage: true,
    fetch: boundedFetch,
    ...(apiKey === undefined ? {} : { apiKey }),
  })
  const models = new Map<string, LanguageModelV4>()

  /** Kept, because making one costs a millisecond; few, because callers choose the names. */
  function languageModel(id: string): LanguageModelV4 {
    const model = models.get(id) ?? server.chatModel(id)
    if (models.size >= 100) models.clear()
    models.set(id, model)
    return model
  }

  return {
    async *stream(model, request, signal) {
      try {
        const { stream } = await languageModel(model).doStream(toOptions(request, signal))
        yield* read(stream)
      } catch (error) {
        throw toModelError(error, apiKey)
      }
    },
  }
}

/** Options under this key become fields of the body as they are; the library would rewrite a name with dashes. */
const optionsKey = 'longhaul'

function toOptions(request: ModelRequest, signal: AbortSignal): LanguageModelV4CallOptions {
  return {
    prompt: toPrompt(request.system, request.messages),
    tools: request.tools.map((tool) => ({
      type: 'function',
      name: tool.name,
      description: tool.description,
      inputSchema: tool.parameters,
    })),
    ...(request.toolChoice === undefined ? {} : { toolChoice: toToolChoice(request.toolChoice) }),
    providerOptions: { [optionsKey]: wireParameters(request) },
    headers: { 'Idempotency-Key': request.idempotencyKey },
    abortSignal: signal,
  }
}

function toToolChoice(choice: ToolChoice): LanguageModelV4ToolChoice {
  return typeof choice === 'string' ? { type: choice } : { type: 'tool', toolName: choice.name }
}

async function* read(
  stream: ReadableStream<LanguageModelV4StreamPart>,
): AsyncGenerator<ProviderEvent> {
  for await (const part of stream) {
    if (part.type === 'text-delta') yield { type: 'text', text: part.delta }
    else if (part.type === 'reasoning-delta') yield { type: 'reasoning', text: part.delta }
    else if (part.type === 'tool-input-delta') yield { type: 'arguments', text: part.delta }
    else if (part.type === 'tool-call') yield { type: 'call', call: toCall(part) }
    else if (part.type === 'error') throw frameError(part.error)
    else if (part.type === 'finish') yield toEnd(part)
  }
}

function toCall(part: LanguageModelV4ToolCall): ModelReply['calls'][number] {
  return { callId: part.toolCallId, name: part.toolName, arguments: part.input }
}

function toEnd(part: Pick<LanguageModelV4GenerateResult, 'finishReason' | 'usage'>): ProviderEvent {
  const usage = toUsage(part.usage)
  return {
    type: 'end',
    reason: toStopReason(part.finishReason),
    ...(usage === undefined ? {} : { usage }),
  }
}

function toStopReason({ unified, raw }: LanguageModelV4FinishReason): StopReason {
  if (unified === 'length') return 'length'
  if (unified === 'content-filter') return 'content_filter'
  if (unified === 'tool-calls') return 'tool_calls'
  // Some gateways end a failed answer with this word; others' own words mean a plain end.
  if (raw === 'error')
    throw new ModelError('the provider failed within its answer', { retryable: true })
  return 'stop'
}
