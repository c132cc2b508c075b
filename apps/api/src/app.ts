import type { TrustProxy } from '@longhaul/process'
import express from 'express'
import type { Express, Request, RequestHandler, Response } from 'express'
import { createAdmission } from './auth/admit.ts'
import { type Areas, createAreas } from './auth/areas.ts'
import { createRouteFinder, type RouteFinder } from './http/find-route.ts'
import { beginRequest } from './http/request-context.ts'
import { allowOrigins } from './http/allow-origins.ts'
import { dashboardFiles } from './dashboard/dashboard-files.ts'
import { sessionRoutes } from './dashboard/session-routes.ts'
import type { Deps } from './deps.ts'
import { docsPage } from './openapi/docs-page.ts'
import { createErrorHandler } from './reply/error-handler.ts'
import { healthRoutes } from './health/health-routes.ts'
import { openApiDocument } from './openapi/document.ts'
import { publishDocument } from './openapi/publish-document.ts'
import { refuseExpectation, refuseMethod, refusePath } from './http/refuse-request.ts'
import { createRequestLog } from './http/request-log.ts'
import type { App } from './http/server.ts'
import type { AnyRoute } from './route.ts'
import { runRoute } from './run-route.ts'

/**
 * The HTTP app of a table of routes. A request passes these steps in order: request id, log line, key, body, route,
 * reply. So a client without a key cannot make the server read a body, and does not learn which paths exist.
 */
export function createApp(
  deps: Deps,
  routes: AnyRoute[],
  { trustProxy = false, origins = [] }: { trustProxy?: TrustProxy; origins?: string[] } = {},
): App {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.set('query parser', false)
  app.set('case sensitive routing', true)
  app.set('trust proxy', trustProxy)

  const areas = createAreas(routes)
  const served = routes.map((route) => ({ route, run: runRoute(route, deps) }))
  const find = createRouteFinder(served)
  const first = enter(deps, { areas, find, behindProxy: trustProxy !== false })
  if (origins.length > 0) app.use(allowOrigins(origins), first)
  else app.use((_request, response, next) => next(response.locals.failure))
  for (const { route, run } of served) app[route.method](route.path, run)
  // After the routes, because Express compares every request with each path that is registered before them.
  const health = healthRoutes(deps)
  const document = publishDocument('/openapi.json', openApiDocument(routes, health))
  for (const { path, handle } of [...health, document, ...docsPage]) app.get(path, handle)
  for (const { method, path, handle } of sessionRoutes(deps)) app[method](path, handle)
  app.get('/dashboard{/*path}', dashboardFiles())
  for (const [path, group] of Map.groupBy(routes, (route) => route.path)) {
    app.all(path, refuseMethod(group))
  }
  app.use(refusePath)
  app.use(createErrorHandler(deps))
  return { serve: origins.length > 0 ? app : before(app, first), express: app }
}

/**
 * Runs the first steps of a request before Express, which then serves only the requests that they leave to it, and their
 * failures.
 */
function before(app: Express, first: Step): App['serve'] {
  return (request, response) => {
    response.locals = Object.create(null) as Response['locals']
    first(request, response, () => app(request, response)).catch((failure: unknown) => {
      response.locals.failure = failure
      app(request, response)
    })
  }
}

type Step = (request: Request, response: Response, next: () => void) => Promise<void>
type Served = { route: AnyRoute; run: RequestHandler<Record<string, string>> }
type Entrance = { areas: Areas; find: RouteFinder<Served>; behindProxy: boolean }

/**
 * The first steps of every request, and its route if that is found without Express, in one handler: each handler costs
 * time for every request.
 */
function enter(deps: Deps, { areas, find, behindProxy }: Entrance): Step {
  const logWhenOver = createRequestLog(deps, { behindProxy })
  const admit = createAdmission(deps, areas)
  return async (request, response, next) => {
    beginRequest(request, response)
    logWhenOver(request, response)
    refuseExpectation(request)
    const admitted = admit(request, response)
    if (admitted !== undefined) await admitted
    const found = find(request)
    if (found === undefined) {
      next()
      return
    }
    const { served, params } = found
    const { route, run } = served
    await run(Object.assign(request, { route, params }), response, next)
  }
}
