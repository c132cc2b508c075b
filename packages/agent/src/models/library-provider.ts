import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4ToolChoice,
} from '@ai-sdk/provider'
import { LRUCache } from 'lru-cache'
import { isModelName, ModelError, type ModelRequest, type ToolChoice } from '@longhaul/core'
import type { Provider } from './provider.ts'
import { readStream } from './reply/read-stream.ts'
import { toPrompt } from './request/to-prompt.ts'
import { toModelError } from './errors/vendor-error.ts'
import type { Vendor } from './vendor.ts'

/** A provider on top of the library's language models, with one request for each step. */
export function libraryProvider(vendor: Vendor): Provider {
  // Cached, since making one costs a millisecond. The cache is small, since callers choose the names.
  const models = new LRUCache<string, LanguageModelV4>({ max: 100 })

  function languageModel(id: string): LanguageModelV4 {
    // An older version may have stored any text as an id, and the URLs of some vendors contain the id.
    if (!isModelName(id)) {
      throw new ModelError(
        'the model id has characters that no model id has: give the agent another',
        {
          retryable: false,
        },
      )
    }
    const model = models.get(id) ?? vendor.languageModel(id)
    models.set(id, model)
    return model
  }

  return {
    async *stream(model, request, signal) {
      const options = {
        ...commonOptions(request, vendor.key),
        ...vendor.toOptions(request),
        abortSignal: signal,
      }
      try {
        const { stream } = await languageModel(model).doStream(options)
        yield* readStream(stream, vendor)
      } catch (error) {
        throw toModelError(error, vendor.apiKey)
      }
    },
  }
}

function commonOptions(request: ModelRequest, key: string): LanguageModelV4CallOptions {
  return {
    prompt: toPrompt(request, key),
    tools: request.tools.map((tool) => ({
      type: 'function',
      name: tool.name,
      description: tool.description,
      inputSchema: tool.parameters,
      ...(tool.strict && { strict: true }),
    })),
    ...(request.toolChoice === undefined ? {} : { toolChoice: toToolChoice(request.toolChoice) }),
    headers: { 'Idempotency-Key': request.idempotencyKey },
  }
}

function toToolChoice(choice: ToolChoice): LanguageModelV4ToolChoice {
  return typeof choice === 'string' ? { type: choice } : { type: 'tool', toolName: choice.name }
}
