import cors from 'cors'
import type { RequestHandler } from 'express'
import { isOperatorPath, isVersioned } from '../auth/areas.ts'
import { beginRequest } from './request-context.ts'

/**
 * Allows pages of these origins to read replies; `*` allows all origins. No page can read replies to the operator.
 * Cookies are never sent.
 */
export function allowOrigins(origins: string[]): RequestHandler {
  const allow = cors({
    origin: origins.includes('*') ? '*' : origins,
    methods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'Last-Event-ID',
      'X-Request-Id',
    ],
    exposedHeaders: [
      'X-Request-Id',
      'Location',
      'Retry-After',
      'Retry-After-Ms',
      'Idempotent-Replayed',
    ],
    maxAge: 600,
  })
  return (request, response, next) => {
    if (!isVersioned(request.path) || isOperatorPath(request.path)) {
      next()
      return
    }
    beginRequest(request, response)
    response.setHeader('x-request-id', response.locals.requestId)
    allow(request, response, next)
  }
}
