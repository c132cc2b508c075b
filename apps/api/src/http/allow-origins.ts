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
    // Without a list, a preflight allows the headers that it asks for. SDKs add their own ones, such as x-stainless-lang.
    exposedHeaders,
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

/** The headers of replies that pages may read: those that SDKs read. */
const exposedHeaders = [
  'X-Request-Id',
  'Location',
  'Retry-After',
  'Retry-After-Ms',
  'X-Should-Retry',
  'Idempotent-Replayed',
  'Longhaul-Ignored',
  'RateLimit',
  'RateLimit-Policy',
  ...['Limit', 'Remaining', 'Reset'].flatMap((what) =>
    ['Requests', 'Tokens'].map((of) => `X-RateLimit-${what}-${of}`),
  ),
]
