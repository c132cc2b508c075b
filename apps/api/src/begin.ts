import { randomUUID } from 'node:crypto'
import type { NextFunction, Request, Response } from 'express'

declare global {
  namespace Express {
    /** What is known of a request on its way through the app. */
    interface Locals {
      requestId: string
      /** Set once the key is known. */
      workspace?: string
    }
  }
}

/** Names the request, and sets the headers of every reply, also of a stream that a route writes by itself. */
export function begin(request: Request, response: Response, next: NextFunction): void {
  const requestId = requestIdOf(request)
  response.locals.requestId = requestId
  response.setHeader('x-request-id', requestId)
  response.setHeader('cache-control', 'no-store')
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  response.setHeader('referrer-policy', 'no-referrer')
  next()
}

/** The caller's own id when it is harmless in a header and in a log. */
function requestIdOf(request: Request): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : randomUUID()
}
