import { createGoogle } from '@ai-sdk/google'
import type { GoogleLanguageModelOptions } from '@ai-sdk/google'
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { defined } from '@longhaul/core'
import type { ModelRequest, UserFile } from '@longhaul/core'
import { boundedFetch } from './reply/bounded-fetch.ts'
import { groundingAnnotations } from './reply/grounding.ts'
import { markLargeIntegers } from './reply/large-integers.ts'
import { isObject } from './reply/objects.ts'
import { libraryProvider } from './library-provider.ts'
import type { VendorOptions } from './vendor.ts'
import type { Provider, Server } from './provider.ts'
import { anyObject, outputOptions, standardOptions } from './request/standard-options.ts'
import { thinkingOf } from './request/thinking.ts'
import { versionedUrl } from './request/versioned-url.ts'

/** Google's Gemini API. */
export function google({ baseUrl, apiKey }: Server): Provider {
  const server = createGoogle({
    baseURL: versionedUrl(baseUrl, 'v1beta'),
    // The library requires a key, but the operator's own server may need none.
    apiKey: apiKey ?? 'none',
    fetch: fetchMarked,
  })
  return libraryProvider({
    key: 'google',
    apiKey,
    languageModel: (id) => server.languageModel(id),
    toOptions,
    holdsInResult,
    figures: {
      total: ['totalTokenCount'],
      cached: ['cachedContentTokenCount'],
      reasoning: ['thoughtsTokenCount'],
    },
    annotationsIn,
  })
}

/** Models from Gemini 3 on read files in results. */
function holdsInResult({ mimeType }: UserFile, model: string): boolean {
  const [, generation = '0'] = /^gemini-(\d+)/.exec(model) ?? []
  return Number(generation) >= 3 && typesInResults.has(mimeType)
}

const typesInResults = new Set(['image/png', 'image/jpeg', 'image/webp', 'application/pdf'])

/**
 * Marks large integers in the response, since only this vendor sends the arguments of calls as JSON and not as text.
 */
async function fetchMarked(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await boundedFetch(input, init)
  const { ok, body, status, statusText, headers } = response
  if (!ok || body === null) return response
  return new Response(body.pipeThrough(markLargeIntegers()), { status, statusText, headers })
}

function annotationsIn(part: LanguageModelV4StreamPart) {
  const grounding =
    part.type === 'finish' && part.providerMetadata?.['google']?.['groundingMetadata']
  return isObject(grounding) ? (text: string) => groundingAnnotations(grounding, text) : undefined
}

function toOptions(request: ModelRequest): VendorOptions {
  const standard = standardOptions(request)
  return {
    ...standard,
    ...thinkingOptions(request, standard.reasoning),
    // Models that support no JSON format together with tools answer by a tool of the library, which needs a schema.
    ...outputOptions(request.output, request.tools.length > 0 ? anyObject : undefined),
  }
}

/** The vendor sends thoughts only on request, and models that do not think refuse the request. */
function thinkingOptions(request: ModelRequest, effort: VendorOptions['reasoning']): VendorOptions {
  const thinking = thinkingOf(request)
  // The library knows the lowest level of thinking for each model.
  if (thinking?.type === 'disabled') return { reasoning: 'none' }
  if (thinking === undefined && (effort === undefined || effort === 'none')) return {}
  const thinkingConfig = { includeThoughts: true, ...toDepth(thinking) }
  return { providerOptions: { google: { thinkingConfig } satisfies GoogleLanguageModelOptions } }
}

/** Either a level or a budget, since the vendor refuses both together. */
function toDepth(
  thinking: ReturnType<typeof thinkingOf>,
): GoogleLanguageModelOptions['thinkingConfig'] {
  if (thinking?.type !== 'enabled') return {}
  const { level: thinkingLevel, budget: thinkingBudget } = thinking
  return thinkingLevel === undefined ? defined({ thinkingBudget }) : { thinkingLevel }
}
