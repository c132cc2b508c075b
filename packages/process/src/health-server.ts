import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'

export type HealthServer = { port: number; close: () => Promise<void> }

/** The reason why a process is not ready. The code is for programs. */
export type NotReady = { reason: string; code?: string }

type Options = {
  host: string
  port: number
  /** The reason why the process is not ready; undefined when it is. */
  ready: () => Promise<NotReady | undefined> | NotReady | undefined
  metrics: Metrics
  log: Logger
}

/**
 * Serves `/healthz`, `/readyz` and `/metrics` of a process without other routes. When the port is in use, a free one is
 * taken.
 */
export async function startHealthServer(options: Options): Promise<HealthServer> {
  const { host, port, log } = options
  const server = createServer(
    { keepAliveTimeout: 5_000, requestTimeout: 5_000 },
    (request, response) => {
      void answer(request, response, options)
    },
  )
  try {
    await listen(server, port, host)
  } catch (error) {
    if (!isBusy(error)) throw error
    await listen(server, 0, host)
    log.warn({ wanted: port, port: portOf(server) }, 'port in use, using another one')
  }
  return { port: portOf(server), close: () => close(server) }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { ready, metrics, log }: Options,
): Promise<void> {
  try {
    const path = request.url?.split('?', 1)[0] ?? ''
    switch (path) {
      case '/healthz':
        send(response, 200, { status: 'ok' })
        return
      case '/readyz': {
        const notReady = await ready()
        if (notReady === undefined) send(response, 200, { status: 'ok' })
        else send(response, 503, { status: 'unavailable', ...notReady })
        return
      }
      case '/metrics':
        response.writeHead(200, { 'content-type': metrics.contentType })
        response.end(await metrics.render())
        return
      default:
        send(response, 404, { code: '404', message: 'There is no such page.' })
    }
  } catch (error) {
    log.error({ err: error }, 'health check failed')
    if (response.headersSent) response.destroy()
    else send(response, 503, { status: 'unavailable', reason: 'the check itself failed' })
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
    server.closeAllConnections()
  })
}
