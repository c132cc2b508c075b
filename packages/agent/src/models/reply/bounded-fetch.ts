import { ModelError, limits } from '@longhaul/core'

/** How much of an error's body is read; the rest is dropped. */
const errorLimit = limits.model.errorBody

/**
 * `fetch` for a stream of events from an untrusted server. It limits the size of a single event before that is parsed,
 * refuses an HTML page as an answer, and treats a redirect as an error, since it would turn the POST into a GET.
 */
export async function boundedFetch(
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: 'manual' })
  const { body } = response
  if (body === null) return response
  if (!response.ok) return withBody(response, body.pipeThrough(firstBytes(errorLimit)))
  if (response.headers.get('content-type')?.startsWith('text/html') === true) {
    await body.cancel()
    throw new ModelError('the provider answered with a web page, not as a model does', {
      retryable: true,
      unusable: true,
    })
  }
  return withBody(response, body.pipeThrough(shortEvents(limits.modelOutput)))
}

function withBody(response: Response, body: ReadableStream<Uint8Array>): Response {
  const { status, statusText, headers } = response
  return new Response(body, { status, statusText, headers })
}

function firstBytes(limit: number): TransformStream<Uint8Array, Uint8Array> {
  let left = limit
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left))
      left -= chunk.length
      if (left <= 0) controller.terminate()
    },
  })
}

/** Counts the bytes since the last blank line, which ends an event. */
function shortEvents(limit: number): TransformStream<Uint8Array, Uint8Array> {
  let size = 0
  let atLineStart = true
  return new TransformStream({
    transform(chunk, controller) {
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
      controller.enqueue(chunk)
    },
  })
}

const lineFeed = 10
const carriageReturn = 13

function tooLarge(limit: number): ModelError {
  return new ModelError(`a piece of the model's answer is longer than ${limit} bytes`, {
    code: 'output_too_large',
    retryable: false,
  })
}
