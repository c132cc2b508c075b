import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import type { Server, ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import { type Connections, limits } from '@longhaul/core'
import type { Express, Request, Response } from 'express'
import { endSlowUploads, type UploadBounds } from './end-slow-uploads.ts'
import { refusal, refuseUnaddressed } from './refuse-unreadable.ts'
import { countHeader } from './count-header.ts'

/**
 * The timeouts end requests that arrive too slowly. A reply may take any time. A body must make progress, and the
 * timeout of the whole request is the time of the largest body at the lowest rate. Idle connections live longer than
 * those of common load balancers, which reuse theirs for up to a minute.
 */
const defaults: ServerOptions = {
  headersTimeout: limits.http.headers,
  requestTimeout: limits.http.request,
  connectionsCheckingInterval: limits.http.check,
  keepAliveTimeout: limits.http.idle,
  // Otherwise Node would answer with an empty body.
  requireHostHeader: false,
}

/** Serves requests that have the prototypes of an Express app, as their responses have. */
export type App = { serve: (request: Request, response: Response) => void; express: Express }

type Bounded = ServerOptions & {
  uploads?: UploadBounds
  connections?: Connections<Socket>
  /** Called for each connection that is closed in favour of a newer one. */
  onEvicted?: () => void
}

/** Creates the HTTP server of an app. It answers input that is not valid HTTP, which never reaches the app. */
export function createHttpServer(
  { serve, express }: App,
  { connections, onEvicted, uploads = limits.http.upload, ...options }: Bounded = {},
): Server {
  const settings = { ...defaults, ...classesOf(express), ...options }
  const { connectionsCheckingInterval: everyMs = limits.http.check } = settings
  /** The responses of a connection: the latest one, and earlier ones that are not over. */
  const latest = new WeakMap<Socket, ServerResponse[]>()

  const latestOf = (socket: Socket) => latest.get(socket)?.at(-1)

  /**
   * Whether a connection has too many pipelined requests: then it is closed. No normal client sends as many before the
   * first reply, and each may wait for a minute.
   */
  function isFlood({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const responses = latest.get(socket)
    if (responses === undefined) {
      latest.set(socket, [response])
      return false
    }
    // Responses end in order.
    while (responses[0] !== undefined && isOver(responses[0])) responses.shift()
    responses.push(response)
    if (responses.length <= limits.pipelined) return false
    socket.destroy()
    return true
  }

  const server = createServer(settings, (request, response) => {
    if (isFlood(request, response)) return
    if (isAddressed(request)) serve(request as Request, response as Response)
    else refuseUnaddressed(request, response)
  })
  server.maxRequestsPerSocket = limits.http.requestsPerConnection
  endSlowUploads(server, { latestOf, bounds: uploads, everyMs })
  server.on('connection', (socket: Socket) => {
    if (connections === undefined) return
    const evicted = connections.opened(socket)
    socket.once('close', () => connections.closed(socket))
    if (evicted === undefined) return
    evicted.destroy()
    onEvicted?.()
  })
  // The app itself sends "continue" when it reads the body, so a large upload without a key never starts.
  server.on('checkContinue', (request, response) => server.emit('request', request, response))
  // The app refuses any other expectation. Node would answer it with an empty body.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = latestOf(socket)
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0)
      keepUnused(socket, server.keepAliveTimeout)
    else if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
    else if (response === undefined || isOver(response)) socket.end(refusal(error))
    else if (response.headersSent) socket.destroy()
    // Complete requests are being served: their callers receive the replies, and no error for the input that followed.
    else if (response.req.complete) response.shouldKeepAlive = false
    else socket.end(refusal(error, response))
  })
  return server
}

/**
 * Classes of requests and responses that have the app's prototypes from the start. Otherwise Express would change the
 * prototypes of every request.
 */
function classesOf(app: Express) {
  class Request extends IncomingMessage {}
  class Response extends ServerResponse {}
  Object.setPrototypeOf(Request.prototype, app.request)
  Object.setPrototypeOf(Response.prototype, app.response)
  Object.assign(app, { request: Request.prototype, response: Response.prototype })
  return { IncomingMessage: Request, ServerResponse: Response }
}

/**
 * Keeps a connection that has sent no data for `ms` more milliseconds, then closes it without a reply. Clients open
 * connections in advance, and would take a 408 for the answer to their next request.
 */
function keepUnused(socket: Socket, ms: number): void {
  socket.setTimeout(ms, () => {
    if (socket.bytesRead === 0) socket.destroy()
  })
}

/**
 * Whether a request has exactly one valid path and host. Only proxies receive whole URLs, and Express would answer a
 * URL that it cannot parse with its own page.
 */
function isAddressed(request: IncomingMessage): boolean {
  const { url, httpVersion } = request
  if (url?.startsWith('/') !== true || httpVersion === '0.9') return false
  const hosts = countHeader('host', request)
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0')
}

/** Whether a request was read and answered completely, so that the next bytes on its connection are another request. */
function isOver(response: ServerResponse): boolean {
  return response.writableFinished && response.req.complete
}

/** Listens and returns the address. The error for a busy port names the port and its variable. */
export async function listen(
  server: Server,
  { HOST: host, PORT: port }: { HOST: string; PORT: number },
): Promise<{ host: string; port: number }> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const busy = error.code === 'EADDRINUSE'
      reject(busy ? new Error(`PORT ${port} is in use on ${host}: set PORT to a free one`) : error)
    })
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return { host, port: typeof address === 'object' && address !== null ? address.port : port }
}

/** Accepts no new connections and waits for running replies, for at most `ms` milliseconds. */
export async function closeHttpServer(server: Server, ms: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
  })
  // Keep-alive connections become idle one by one, and Node closes only those that are idle already.
  const sweep = setInterval(() => {
    server.closeIdleConnections()
  }, 50)
  const deadline = setTimeout(() => {
    server.closeAllConnections()
  }, ms)
  await closed
  clearInterval(sweep)
  clearTimeout(deadline)
}
