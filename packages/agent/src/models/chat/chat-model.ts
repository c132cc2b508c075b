import { AISDKError, APICallError, type LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { OpenAICompatibleChatLanguageModel } from '@ai-sdk/openai-compatible'
import { defined, limits, ModelError } from '@longhaul/core'
import { createParser } from 'eventsource-parser'
import type { Readable } from 'node:stream'
import type { Server } from '../provider.ts'
import { errorLimit, tooLarge } from '../reply/bounded-fetch.ts'
import { boundedRequest, type ReceivedReply } from '../reply/bounded-request.ts'
import type { StreamingModel } from '../vendor.ts'
import { createChatParts } from './chat-parts.ts'

/**
 * A model of a server with OpenAI's chat completions API. The library makes the body of a request; the answer is read
 * without its web streams. `key` is the library's name for data that is sent back to this server.
 */
export function chatModel(
  id: string,
  { baseUrl, apiKey, key }: Server & { key: string },
): StreamingModel {
  const url = `${baseUrl.replace(/\/$/, '')}/chat/completions`
  const config = { provider: `${key}.chat`, url: () => url }
  const library = new OpenAICompatibleChatLanguageModel(id, config)
  const ownHeaders = {
    'content-type': 'application/json',
    'user-agent': 'longhaul',
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  }
  return {
    async doStream(options) {
      const { headers = {}, abortSignal: signal } = options
      const { body } = await library.prepareRequest(options)
      const reply = await boundedRequest(url, {
        method: 'POST',
        headers: { ...ownHeaders, ...defined(headers) },
        body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
        signal,
      }).catch((error: unknown) => {
        signal?.throwIfAborted()
        throw error instanceof ModelError ? error : failed(error, { url })
      })
      if (!reply.isOk || reply.body === undefined) throw await refused(reply, url)
      return {
        stream: readParts(reply.body, { key, reply, url }),
        response: { headers: headersOf(reply) },
      }
    },
  }
}

async function* readParts(
  body: Readable,
  { key, reply, url }: { key: string; reply: ReceivedReply; url: string },
): AsyncGenerator<LanguageModelV4StreamPart> {
  const chat = createChatParts(key)
  const decoder = new TextDecoder()
  const events: string[] = []
  const parser = createParser({
    onEvent: ({ data }) => events.push(data),
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') throw tooLarge(limits.modelOutput)
    },
    maxBufferSize: limits.modelOutput,
  })
  try {
    for await (const bytes of body as AsyncIterable<Uint8Array>) {
      parser.feed(decoder.decode(bytes, { stream: true }))
      // Loops, since delegating to a list costs much more in an asynchronous generator.
      for (const data of events.splice(0)) for (const part of chat.read(data)) yield part
    }
  } catch (error) {
    const isOfContent = error instanceof ModelError || AISDKError.isInstance(error)
    throw isOfContent ? error : failed(error, { url, reply })
  }
  for (const part of chat.end()) yield part
}

async function refused(reply: ReceivedReply, url: string): Promise<APICallError> {
  const pieces: Uint8Array[] = []
  let left = errorLimit
  try {
    for await (const bytes of (reply.body ?? []) as AsyncIterable<Uint8Array>) {
      pieces.push(bytes.subarray(0, left))
      left -= bytes.length
      if (left <= 0) break
    }
  } catch {
    // The status says enough.
  }
  const responseBody = Buffer.concat(pieces).toString()
  return failed(undefined, { url, reply, responseBody })
}

/** The library's error for a call that failed: with a reply, in it or because of its status. */
function failed(
  cause: unknown,
  { url, reply, responseBody }: { url: string; reply?: ReceivedReply; responseBody?: string },
): APICallError {
  const answer = reply && { statusCode: reply.status, responseHeaders: headersOf(reply) }
  const message = 'the call failed'
  const sent = { url, requestBodyValues: undefined }
  return new APICallError({ message, cause, ...sent, ...answer, ...defined({ responseBody }) })
}

function headersOf({ headers }: ReceivedReply): Record<string, string> {
  const texts = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])
  return Object.fromEntries(texts) as Record<string, string>
}
