import { ModelError, limits } from '@longhaul/core'
import type { Readable } from 'node:stream'
import { request } from 'undici'
import { decompressed, isDecompressible } from './decompress.ts'

/** How much of an error's body is read; the rest is dropped. */
const errorLimit = limits.model.errorBody

/**
 * `fetch` for a stream of events from an untrusted server. It limits the size of a single event before that is parsed,
 * refuses an HTML page as an answer, and treats a redirect as an error, since it would turn the POST into a GET. It
 * rejects as `fetch` does, and costs much less CPU time.
 */
export async function boundedFetch(
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<Response> {
  const { signal, body: sent = null } = init
  if (input instanceof Request || (sent !== null && typeof sent !== 'string')) {
    throw new TypeError('the body of a request to a model is text')
  }
  const headers = new Headers(init.headers)
  if (!headers.has('accept')) headers.set('accept', '*/*')
  headers.set('accept-encoding', 'gzip, deflate, br')
  const url = new URL(input)
  const reply = await request(url, {
    method: init.method === 'POST' ? 'POST' : 'GET',
    headers: Object.fromEntries(headers),
    body: sent,
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    signal?.throwIfAborted()
    throw new TypeError('fetch failed', { cause })
  })
  const { statusCode: status, statusText } = reply
  const received = headersOf(reply.headers)
  if (bodiless.has(status)) {
    await reply.body.dump()
    return new Response(null, { status, statusText, headers: received })
  }
  const isOk = status >= 200 && status <= 299
  if (isOk && received.get('content-type')?.startsWith('text/html') === true) {
    reply.body.on('error', () => {}).destroy()
    throw new ModelError('the provider answered with a web page, not as a model does', {
      retryable: true,
      unusable: true,
    })
  }
  const encoding = received.get('content-encoding') ?? ''
  const body = isDecompressible(encoding) ? decompressed(reply.body, encoding) : reply.body
  const cut = isOk ? shortEvents(limits.modelOutput) : firstBytes(errorLimit)
  return new Response(streamOf(body, cut), { status, statusText, headers: received })
}

/** Statuses of responses without a body. */
const bodiless = new Set([204, 205, 304])

function headersOf(received: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(received)) {
    for (const each of [value].flat()) if (each !== undefined) headers.append(name, each)
  }
  return headers
}

/** What is passed on of a piece of a body, and whether the rest is dropped. Throws if the body must not be read. */
type Cut = (chunk: Uint8Array) => { chunk: Uint8Array; isLast: boolean }

function streamOf(body: Readable, cut: Cut): ReadableStream<Uint8Array> {
  let isOver = false
  function stop(): void {
    isOver = true
    body.destroy()
  }
  return new ReadableStream({
    start(controller) {
      body.on('data', (data: Uint8Array) => {
        if (isOver) return
        try {
          const { chunk, isLast } = cut(data)
          controller.enqueue(chunk)
          if (!isLast) {
            if ((controller.desiredSize ?? 0) <= 0) body.pause()
            return
          }
          controller.close()
        } catch (error) {
          controller.error(error)
        }
        stop()
      })
      body.on('end', () => {
        if (isOver) return
        isOver = true
        controller.close()
      })
      // Also after the end: destroying a body is an error of it.
      body.on('error', (cause) => {
        if (isOver) return
        isOver = true
        controller.error(new TypeError('terminated', { cause }))
      })
    },
    pull: () => void body.resume(),
    cancel: stop,
  })
}

function firstBytes(limit: number): Cut {
  let left = limit
  return (data) => {
    const chunk = data.subarray(0, left)
    left -= data.length
    return { chunk, isLast: left <= 0 }
  }
}

/** Counts the bytes since the last blank line, which ends an event. */
function shortEvents(limit: number): Cut {
  let size = 0
  let atLineStart = true
  return (chunk) => {
    for (const byte of chunk) {
      size++
      if (byte === lineFeed) {
        if (atLineStart) size = 0
        atLineStart = true
      } else if (byte !== carriageReturn) {
        atLineStart = false
      }
    }
    if (size > limit) throw tooLarge(limit)
    return { chunk, isLast: false }
  }
}

const lineFeed = 10
const carriageReturn = 13

function tooLarge(limit: number): ModelError {
  return new ModelError(`a piece of the model's answer is longer than ${limit} bytes`, {
    code: 'output_too_large',
    retryable: false,
  })
}
