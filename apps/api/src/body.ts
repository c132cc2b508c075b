import type { IncomingMessage, ServerResponse } from 'node:http'
import { LonghaulError, limits } from '@longhaul/core'
import { parseBody } from './parse-body.ts'

/** Why a body could not be read to its end: nobody is left to be answered. */
export const clientGone = new Error('the client went away')

/**
 * The JSON object that a request brings; undefined when it brings no body at all. What is too large
 * is refused before it is read.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<object | undefined> {
  const { headers } = request
  const declared = headers['content-length']
  if (
    declared === undefined ? headers['transfer-encoding'] === undefined : Number(declared) === 0
  ) {
    return undefined
  }
  if (!isJson(headers['content-type'] ?? '')) {
    throw new LonghaulError(
      'unsupported_media_type',
      'The Content-Type must be application/json, in UTF-8.',
    )
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new LonghaulError(
      'unsupported_media_type',
      'The body must be sent without a Content-Encoding.',
    )
  }
  if (Number(declared ?? 0) > limits.body) throw tooLarge()
  if (headers.expect !== undefined) response.writeContinue()
  const bytes = await collect(request)
  return bytes.length === 0 ? undefined : parseBody(bytes)
}

function isJson(contentType: string): boolean {
  if (contentType === 'application/json') return true
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  return (
    /^\s*application\/([\w.+-]+\+)?json\s*$/.test(type) &&
    parameters.every((text) => !/^\s*charset\s*=/.test(text) || /=\s*"?utf-?8"?\s*$/.test(text))
  )
}

function collect(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limits.body) {
        chunks.push(chunk)
        return
      }
      chunks.length = 0
      reject(tooLarge())
    })
    request.on('end', () => {
      const [only] = chunks
      resolve(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks))
    })
    // It comes after the end, too, when it changes nothing any more.
    request.on('close', () => {
      reject(clientGone)
    })
    if (request.destroyed) reject(clientGone)
  })
}

function tooLarge(): LonghaulError {
  return new LonghaulError('too_large', `The body is larger than ${limits.body} bytes.`)
}
