import { createAnthropic } from '@ai-sdk/anthropic'
import type { AnthropicLanguageModelOptions } from '@ai-sdk/anthropic'
import { defined } from '@longhaul/core'
import type { ModelRequest } from '@longhaul/core'
import { boundedFetch } from './reply/bounded-fetch.ts'
import { libraryProvider } from './library-provider.ts'
import type { VendorOptions } from './vendor.ts'
import type { Provider, Server } from './provider.ts'
import { anyObject, outputOptions, standardOptions } from './request/standard-options.ts'
import { thinkingOf } from './request/thinking.ts'
import { versionedUrl } from './request/versioned-url.ts'

/** Anthropic's messages API. */
export function anthropic({ baseUrl, apiKey }: Server): Provider {
  const server = createAnthropic({
    baseURL: versionedUrl(baseUrl, 'v1'),
    // The library insists on one; a server of the operator's own may ask for none.
    apiKey: apiKey ?? 'none',
    fetch: boundedFetch,
  })
  return libraryProvider({
    key: 'anthropic',
    apiKey,
    languageModel: (id) => server.languageModel(id),
    toOptions,
    figures: {
      cached: ['cache_read_input_tokens'],
      cacheCreation: ['cache_creation_input_tokens'],
      reasoning: ['output_tokens_details', 'thinking_tokens'],
    },
  })
}

function toOptions(request: ModelRequest): VendorOptions {
  const parameters = request.model.parameters ?? {}
  const options = defined({
    thinking: toThinking(request),
    disableParallelToolUse: parameters['parallel_tool_calls'] === false ? true : undefined,
    cacheControl: toCacheControl(parameters['cache_control']),
    // A model that thinks unseen sends nothing else for minutes.
    includePings: true,
  }) satisfies AnthropicLanguageModelOptions
  return {
    maxOutputTokens: usualAnswer,
    ...standardOptions(request),
    // JSON by a schema, which newer models follow by themselves; for the others, and for schemas that
    // are too much for those, the library adds a tool whose arguments become the answer's text.
    ...outputOptions(request.output, anyObject),
    providerOptions: { anthropic: options },
  }
}

/** The vendor wants a limit. All current models can write that much; the library lowers it for older ones. */
const usualAnswer = 32_000

function toThinking(request: ModelRequest): AnthropicLanguageModelOptions['thinking'] {
  const thinking = thinkingOf(request)
  if (thinking?.type === 'adaptive') return { type: 'adaptive', display: 'summarized' }
  if (thinking?.type !== 'enabled') return thinking
  return { type: 'enabled', ...defined({ budgetTokens: thinking.budget }) }
}

/** Marks the end of the request, so that the next step finds all before it in the vendor's cache. */
function toCacheControl(control: unknown): AnthropicLanguageModelOptions['cacheControl'] {
  if (typeof control !== 'object' || control === null) return undefined
  const ttl = 'ttl' in control ? control.ttl : undefined
  return { type: 'ephemeral', ...(ttl === '5m' || ttl === '1h' ? { ttl } : {}) }
}
