import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Prompt,
  LanguageModelV4ToolChoice,
} from '@ai-sdk/provider'
import { LRUCache } from 'lru-cache'
import {
  isModelName,
  ModelError,
  type ModelRequest,
  type ToolChoice,
  type UserFile,
} from '@longhaul/core'
import type { Provider } from './provider.ts'
import { vendorReports } from './reply/vendor-reports.ts'
import { readStream } from './reply/read-stream.ts'
import { filesAfterResults } from './request/files-after-results.ts'
import type { ReturnedReasoning } from './request/returned-reasoning.ts'
import { toPrompt } from './request/to-prompt.ts'
import { toModelError } from './errors/vendor-error.ts'
import type { StreamingModel, Vendor } from './vendor.ts'

/** Also receives the reasoning that is returned in fields of its own. */
type LibraryProvider = {
  stream(
    ...call: [...Parameters<Provider['stream']>, returned?: ReturnedReasoning]
  ): ReturnType<Provider['stream']>
}

/** A provider on top of the library's language models, with one request for each step. */
export function libraryProvider(vendor: Vendor): LibraryProvider {
  // Cached, since making one costs a millisecond. The cache is small, since callers choose the names.
  const models = new LRUCache<string, StreamingModel>({ max: 100 })

  function languageModel(id: string): StreamingModel {
    // An older version may have stored any text as an id, and the URLs of some vendors contain the id.
    if (!isModelName(id)) {
      throw new ModelError(
        'the model id has characters that no model id has: give the agent another',
        { retryable: false, unsent: true },
      )
    }
    const model = models.get(id) ?? vendor.languageModel(id)
    models.set(id, model)
    return model
  }

  return {
    async *stream(model, request, signal, returned) {
      const options = {
        ...commonOptions(request),
        ...vendor.toOptions(request),
        prompt: promptOf(request, { vendor, model, returned }),
        includeRawChunks: vendor.chunkReader !== undefined,
        abortSignal: signal,
      }
      try {
        const { stream, response } = await languageModel(model).doStream(options)
        const reports = vendorReports(response?.headers ?? {})
        if (reports !== undefined) yield { type: 'reports', reports }
        yield* readStream(stream, vendor)
      } catch (error) {
        throw toModelError(error, vendor.apiKey)
      }
    },
  }
}

function commonOptions(request: ModelRequest): Omit<LanguageModelV4CallOptions, 'prompt'> {
  return {
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

/** Files that a result of this model cannot hold come after the results. */
function promptOf(
  request: ModelRequest,
  {
    vendor: { key, holdsInResult },
    model,
    returned,
  }: { vendor: Vendor; model: string; returned: ReturnedReasoning | undefined },
): LanguageModelV4Prompt {
  const holds = (file: UserFile) => holdsInResult?.(file, model) ?? false
  const messages = filesAfterResults(request.messages, holds)
  return toPrompt({ ...request, messages }, key, returned)
}

function toToolChoice(choice: ToolChoice): LanguageModelV4ToolChoice {
  return typeof choice === 'string' ? { type: choice } : { type: 'tool', toolName: choice.name }
}
