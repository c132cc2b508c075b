import type { OutgoingHttpHeader } from 'node:http'
import type { Response } from 'express'

/** The default headers of every reply, streams included. */
export const standardHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

const standard = Object.entries(standardHeaders)

/** Writes the head of a reply. A list of names and values is cheaper in Node than setting headers one by one. */
export function writeHead(
  response: Response,
  status: number,
  headers: Record<string, OutgoingHttpHeader>,
): void {
  const list: OutgoingHttpHeader[] = ['x-request-id', response.locals.requestId]
  for (const [name, value] of standard) if (headers[name] === undefined) list.push(name, value)
  for (const name in headers) list.push(name, headers[name] ?? '')
  const { headers: more = {} } = response.locals
  for (const name in more) list.push(name, more[name] ?? '')
  response.writeHead(status, list)
}
