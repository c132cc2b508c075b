import type { Socket } from 'node:net'
import { rateLimited } from '@longhaul/core'
import type { TrustProxy } from '@longhaul/process'
import express from 'express'
import type { Express, RequestHandler } from 'express'
import { admitOperator, authenticate } from './auth/authenticate.ts'
import { begin } from './http/request-context.ts'
import { allowOrigins } from './http/allow-origins.ts'
import type { Deps } from './deps.ts'
import { docsPage } from './openapi/docs-page.ts'
import { createErrorHandler } from './reply/error-handler.ts'
import { healthRoutes } from './health/health-routes.ts'
import { openApiDocument } from './openapi/document.ts'
import { publish } from './openapi/publish-document.ts'
import { refuseExpectation, refuseMethod, refusePath } from './http/refuse-request.ts'
import { createRequestLog } from './http/request-log.ts'
import { type AnyRoute, isForOperator } from './route.ts'
import { runRoute } from './run-route.ts'

/**
 * The HTTP surface over a table of routes: request id, log line, key, body, route, reply, in this
 * order, so that nobody without a key makes the server read a body or learns which paths exist.
 */
export function createApp(
  deps: Deps,
  routes: AnyRoute[],
  { trustProxy = false, origins = [] }: { trustProxy?: TrustProxy; origins?: string[] } = {},
): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.set('query parser', false)
  app.set('case sensitive routing', true)
  app.set('trust proxy', trustProxy)

  // Whose pages may read what, where somebody said so; what is the operator's, none may.
  if (origins.length > 0) app.use(/^\/v\d(?!\/admin(?:\/|$))/, allowOrigins(origins))
  app.use(enter(deps, { operated: routes.some(isForOperator), behindProxy: trustProxy !== false }))
  for (const route of routes) {
    if (!isApiPath(route.path)) throw new Error(`${route.path} would be served without a key`)
    if (isForOperator(route) !== isOperatorPath(route.path)) {
      throw new Error(`${route.path} would be served with another key than its own`)
    }
    app[route.method](route.path, runRoute(route, deps))
  }
  // Behind the routes, since each path that stands before them is compared with every request's.
  const health = healthRoutes(deps)
  const document = publish('/openapi.json', openApiDocument(routes, health))
  for (const { path, handle } of [...health, document, ...docsPage]) app.get(path, handle)
  for (const [path, group] of Map.groupBy(routes, (route) => route.path)) {
    app.all(path, refuseMethod(group))
  }
  app.use(refusePath)
  app.use(createErrorHandler(deps))
  return app
}

/** What every request goes through, in one step, since each step costs every request. */
function enter(
  deps: Deps,
  { operated, behindProxy }: { operated: boolean; behindProxy: boolean },
): RequestHandler {
  const logWhenOver = createRequestLog(deps, { behindProxy })
  return async (request, response, next) => {
    begin(request, response)
    logWhenOver(request, response)
    refuseExpectation(request)
    const { path, socket } = request
    const { address } = response.locals
    if (operated && isOperatorPath(path)) {
      admitOperator(request, { keys: deps.keys, address })
      response.locals.operator = true
      admit(socket)
    } else if (isApiPath(path)) {
      deps.connections.checking(socket)
      try {
        Object.assign(response.locals, await authenticate(request, { keys: deps.keys, address }))
        admit(socket)
      } finally {
        evict(deps.connections.unproven(socket))
      }
    }
    next()
  }

  /** A connection that must go for a newer one. */
  function evict(socket: Socket | undefined): void {
    if (socket === undefined) return
    socket.destroy()
    deps.refused('connections', {})
  }

  /** A connection with a valid key is kept, as long as there are not too many of them. */
  function admit(socket: Socket): void {
    if (deps.connections.proven(socket)) return
    throw rateLimited(
      ['connections'],
      'The server has as many connections as it takes: use fewer of them, or try again.',
      1,
    )
  }
}

/** Where the operator's key is needed, and no other opens. Where nothing is for the operator, these are paths like any. */
function isOperatorPath(path: string): boolean {
  return /^\/v2\/admin(?:\/|$)/.test(path)
}

/** Everything under a version, `/v2/…`, needs a key; what is served to anybody lies outside. */
function isApiPath(path: string): boolean {
  return /^\/v\d/.test(path)
}
