import { ModelError } from '@longhaul/core'
import type { Readable } from 'node:stream'
import { request } from 'undici'
import { decompressed, isDecompressible } from './decompress.ts'

export type SentRequest = {
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body: string | null
  signal?: AbortSignal | null | undefined
}

export type ReceivedReply = {
  status: number
  statusText: string
  isOk: boolean
  headers: Record<string, string | string[] | undefined>
  /** Without its content encoding; undefined when the status allows no body. */
  body: Readable | undefined
}

/**
 * Sends a request to an untrusted server. A redirect is not followed, since it would turn a POST into a GET. Refuses an
 * HTML page as an answer. Rejects with the reason of the signal, or with the error of the network.
 */
export async function boundedRequest(
  url: string | URL,
  { method, headers, body: sent, signal }: SentRequest,
): Promise<ReceivedReply> {
  const { statusCode, statusText, ...reply } = await request(url, {
    method,
    headers: { accept: '*/*', ...headers, 'accept-encoding': 'gzip, deflate, br' },
    body: sent,
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw error
  })
  const isOk = statusCode >= 200 && statusCode <= 299
  const received = { status: statusCode, statusText, isOk, headers: reply.headers }
  if (bodiless.has(statusCode)) {
    await reply.body.dump()
    return { ...received, body: undefined }
  }
  if (isOk && first(reply.headers['content-type']).startsWith('text/html')) {
    reply.body.on('error', () => {}).destroy()
    throw new ModelError('the provider answered with a web page, not as a model does', {
      retryable: true,
      unusable: true,
    })
  }
  const encoding = first(reply.headers['content-encoding'])
  const body = isDecompressible(encoding) ? decompressed(reply.body, encoding) : reply.body
  return { ...received, body }
}

/** Statuses of responses without a body. */
const bodiless = new Set([204, 205, 304])

function first(header: string | string[] | undefined): string {
  return [header].flat()[0] ?? ''
}
