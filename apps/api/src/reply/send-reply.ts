import type { IncomingMessage } from 'node:http'
import type { Response } from 'express'
import { limits } from '@longhaul/core'
import { writeHead } from './head.ts'
import type { Reply } from '../route.ts'

/** Sends a reply, its body written as JSON once. */
export function sendReply(response: Response, { status, body, headers }: Reply): void {
  if (body === undefined) {
    writeHead(response, status, { ...headers })
    response.end()
    return
  }
  // A text leaves in one write with its headers, bytes would need a second.
  const json = body instanceof Uint8Array ? body : JSON.stringify(body)
  sendJson(response, { status, json, headers })
}

/** Sends a reply whose body is JSON already. */
export function sendJson(
  response: Response,
  { status, json, headers }: Omit<Reply, 'body'> & { json: string | Uint8Array },
): void {
  const hangUp = uploads(response.req)
  const all = hangUp ? { connection: 'close', ...headers } : headers
  sendHead(response, { status, length: Buffer.byteLength(json), headers: all })
  if (hangUp) hangUpAfter(response, json)
  else response.end(json)
}

/** Begins a reply of so many bytes of JSON. */
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

/** An upload below this is read to its end and thrown away, so that the connection can be kept. */
const smallUpload = limits.http.smallUpload

/** Whether the client is still sending a body that nobody will read. */
function uploads({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false
  const length = headers['content-length']
  // A request without a body is not complete either while its reply is being sent at once.
  if (length === undefined) return headers['transfer-encoding'] !== undefined
  return !(Number(length) < smallUpload)
}

const lingerMs = limits.http.linger

/**
 * The reply is out at once, but the end waits a moment: closing under a client that is writing
 * resets the connection, and the reset may overtake the reply.
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
