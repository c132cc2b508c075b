import { createAnthropic } from '@ai-sdk/anthropic'
import type { AnthropicLanguageModelOptions } from '@ai-sdk/anthropic'
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { defined } from '@longhaul/core'
import type { ModelRequest } from '@longhaul/core'
import { boundedFetch } from './reply/bounded-fetch.ts'
import { urlCitation } from './reply/url-citation.ts'
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
    // The library requires a key, but the operator's own server may need none.
    apiKey: apiKey ?? 'none',
    fetch: boundedFetch,
  })
  return libraryProvider({
    key: 'anthropic',
    apiKey,
    languageModel: (id) => server.languageModel(id),
    toOptions,
    holdsInResult: () => true,
    figures: {
      cached: ['cache_read_input_tokens'],
      cacheCreation: ['cache_creation_input_tokens'],
      reasoning: ['output_tokens_details', 'thinking_tokens'],
    },
    annotationsIn,
  })
}

/** The vendor sends each cited passage as a text of its own, and its sources with it. */
function annotationsIn(part: LanguageModelV4StreamPart) {
  if (part.type !== 'text-end' || part.citations === undefined) return undefined
  const pages = part.citations.flatMap(({ source }) => {
    return source.sourceType === 'url' ? { url: source.url, title: source.title } : []
  })
  return (text: string) => pages.flatMap((page) => urlCitation(page, text))
}

function toOptions(request: ModelRequest): VendorOptions {
  const parameters = request.model.parameters ?? {}
  const options = defined({
    thinking: toThinking(request),
    disableParallelToolUse: parameters['parallel_tool_calls'] === false ? true : undefined,
    cacheControl: toCacheControl(parameters['cache_control']),
    // A model that hides its thinking sends nothing but pings for minutes.
    includePings: true,
  }) satisfies AnthropicLanguageModelOptions
  return {
    maxOutputTokens: usualAnswer,
    ...standardOptions(request),
    // Newer models support JSON schemas. For older models, and for schemas that newer ones do not support, the library
    // adds a tool whose arguments become the text of the answer.
    ...outputOptions(request.output, anyObject),
    providerOptions: { anthropic: options },
  }
}

/** The vendor requires a limit. All current models support this one; the library lowers it for older models. */
const usualAnswer = 32_000

function toThinking(request: ModelRequest): AnthropicLanguageModelOptions['thinking'] {
  const thinking = thinkingOf(request)
  if (thinking?.type === 'adaptive') return { type: 'adaptive', display: 'summarized' }
  if (thinking?.type !== 'enabled') return thinking
  return { type: 'enabled', ...defined({ budgetTokens: thinking.budget }) }
}

/** Marks the end of the request, so that the next step finds everything before it in the vendor's cache. */
function toCacheControl(control: unknown): AnthropicLanguageModelOptions['cacheControl'] {
  if (typeof control !== 'object' || control === null) return undefined
  const ttl = 'ttl' in control ? control.ttl : undefined
  return { type: 'ephemeral', ...(ttl === '5m' || ttl === '1h' ? { ttl } : {}) }
}
