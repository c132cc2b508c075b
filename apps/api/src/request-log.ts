import type { Request, Response } from 'express'
import type { Deps } from './deps.ts'

/** One line and one observation for each request, when it is over. Never a body, a query or a header. */
export function createRequestLog({ log, metrics }: Deps) {
  const seconds = metrics.histogram(
    'longhaul_http_request_seconds',
    'Time from the request to the end of its reply, streams and waiting included.',
    ['method', 'route', 'status'],
  )
  // Kept, since finding one by its labels costs as much as the rest. They are few.
  const observers = new Map<string, { observe: (value: number) => void }>()
  function observerOf(method: string, route: string, status: number) {
    const name = `${method} ${route} ${status}`
    const observer = observers.get(name) ?? seconds.labels({ method, route, status })
    observers.set(name, observer)
    return observer
  }

  return (request: Request, response: Response): void => {
    const startedAt = performance.now()
    response.once('close', () => {
      const { method } = request
      const { requestId: request_id, workspace, operator } = response.locals
      const ms = Math.round((performance.now() - startedAt) * 10) / 10
      const route = request.route as { path: string } | undefined
      const status = statusOf(response)
      observerOf(method, route?.path ?? 'none', status).observe(ms / 1_000)
      // Probes come every few seconds and would drown the rest.
      const nobody = workspace === undefined && operator === undefined
      const level = nobody && status === 200 ? 'debug' : 'info'
      const path = request.path.slice(0, 256)
      log[level]({ method, path, status, ms, request_id, workspace, operator }, 'request')
    })
  }
}

/** 499, as nginx has it: the client went away before it had an answer. */
function statusOf(response: Response): number {
  return response.headersSent ? response.statusCode : 499
}
