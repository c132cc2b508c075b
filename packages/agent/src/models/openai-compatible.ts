import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { boundedFetch } from './reply/bounded-fetch.ts'
import { createChunkReader } from './reply/read-chunk.ts'
import { libraryProvider } from './library-provider.ts'
import type { Provider, Server } from './provider.ts'
import { wireParameters } from './request/wire-parameters.ts'

/** Any server with OpenAI's chat completions API; `baseUrl` is the URL before `/chat/completions`. */
export function openaiCompatible({ baseUrl, apiKey }: Server): Provider {
  const key = keyOf(baseUrl)
  const server = createOpenAICompatible({
    name: key,
    baseURL: baseUrl,
    includeUsage: true,
    fetch: boundedFetch,
    ...(apiKey === undefined ? {} : { apiKey }),
  })
  return libraryProvider({
    key,
    apiKey,
    languageModel: (id) => server.chatModel(id),
    toOptions: (request) => ({ providerOptions: { [key]: wireParameters(request) } }),
    figures: {
      total: ['total_tokens'],
      cached: ['prompt_tokens_details', 'cached_tokens'],
      reasoning: ['completion_tokens_details', 'reasoning_tokens'],
    },
    chunkReader: createChunkReader,
  })
}

/**
 * Options under this key become fields of the body unchanged. The key has no dashes, since the library would rewrite
 * them. Each server has its own key, so that the data of one server is not sent to another.
 */
function keyOf(baseUrl: string): string {
  const { host, pathname } = new URL(baseUrl)
  return `longhaul${(host + pathname).replaceAll(/[^a-z\d]/gi, '')}`
}
