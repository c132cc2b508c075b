import type { Request, Response } from 'express'
import { identityOf } from '../auth/principal.ts'
import type { Deps } from '../deps.ts'

/**
 * Writes one log line and one observation for each request when it is over. They never contain a body, a query, a
 * header or a key.
 */
export function createRequestLog(
  { log, metrics }: Deps,
  { behindProxy }: { behindProxy: boolean },
) {
  const seconds = metrics.histogram(
    'longhaul_http_request_seconds',
    'Seconds from the request to the end of its reply, including streams and waiting.',
    ['method', 'route', 'status'],
  )
  // Cached, because a lookup by labels costs as much as the rest. There are few.
  const observers = new Map<string, { observe: (value: number) => void }>()
  function observerOf(method: string, route: string, status: number) {
    const name = `${method} ${route} ${status}`
    const observer = observers.get(name) ?? seconds.labels({ method, route, status })
    observers.set(name, observer)
    return observer
  }

  return (request: Request, response: Response): void => {
    const startedAt = performance.now()
    // Read now, because a closed socket has no address. Express reads the headers of proxies even if none is trusted.
    const remote = behindProxy ? request.ip : request.socket.remoteAddress
    const address = (response.locals.address = remote?.slice(0, 64))
    response.once('close', () => {
      const { method } = request
      const { requestId: request_id, principal } = response.locals
      const { workspace, keyId: key_id } = identityOf(principal)
      const ms = Math.round((performance.now() - startedAt) * 10) / 10
      const route = request.route as { path: string } | undefined
      const status = statusOf(response)
      observerOf(method, route?.path ?? 'none', status).observe(ms / 1_000)
      // Probes arrive every few seconds and would hide the other lines.
      const level = principal === undefined && status === 200 ? 'debug' : 'info'
      const path = request.path.slice(0, 256)
      const operator = principal?.type === 'operator' ? true : undefined
      const who = { workspace, key_id, operator, address }
      log[level]({ method, path, status, ms, request_id, ...who }, 'request')
    })
  }
}

/** 499, as in nginx: the client disconnected before the reply. */
function statusOf(response: Response): number {
  return response.headersSent ? response.statusCode : 499
}
