import type { IncomingMessage } from 'node:http'
import type { Response } from 'express'
import { limits } from '@longhaul/core'
import { writeHead } from './head.ts'
import type { Reply } from '../route.ts'

/** Sends a reply, and writes its body as JSON. */
export function sendReply(response: Response, { status, body, headers }: Reply): void {
  if (body === undefined) {
    writeHead(response, status, { ...headers })
    response.end()
    return
  }
  // Node sends a text in one write with the headers. Bytes would need a second write.
  const json = body instanceof Uint8Array ? body : JSON.stringify(body)
  sendJson(response, { status, json, headers })
}

/** Sends a reply whose body is JSON already, or that body if its head is sent already. */
export function sendJson(
  response: Response,
  { status, json, headers }: Omit<Reply, 'body'> & { json: string | Uint8Array },
): void {
  if (response.headersSent) {
    response.end(json)
    return
  }
  const hangUp = uploads(response.req)
  const all = hangUp ? { connection: 'close', ...headers } : headers
  const length = Buffer.byteLength(json)
  sendHead(response, { status, length, headers: all })
  if (hangUp) hangUpAfter(response, json)
  // A text of as many bytes as characters is ASCII, which Node copies faster as Latin-1.
  else if (length === json.length) response.end(json, 'latin1')
  else response.end(json)
}

/** Writes the head of a reply with this number of bytes of JSON. */
export function sendHead(
  response: Response,
  { status, length, headers }: Omit<Reply, 'body'> & { length: number },
): void {
  writeHead(response, status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': length,
    ...headers,
  })
}

/** An upload below this size is read to its end and discarded, so that the connection can be kept. */
const smallUpload = limits.http.smallUpload

/** Whether the client is still sending a body that no route will read. */
function uploads({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false
  const length = headers['content-length']
  // A request without a body is also incomplete while its reply is sent at once.
  if (length === undefined) return headers['transfer-encoding'] !== undefined
  return !(Number(length) < smallUpload)
}

const lingerMs = limits.http.linger

/**
 * Sends the reply at once and ends it a moment later: closing the connection while the client writes resets it, and the
 * reset may arrive before the reply.
 */
function hangUpAfter(response: Response, json: string | Uint8Array): void {
  response.write(json)
  const end = () => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(end, lingerMs)
  response.req.once('close', end).resume()
}
