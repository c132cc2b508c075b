import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import type { Server, ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import { type Connections, limits } from '@longhaul/core'
import type { Express } from 'express'
import { endSlowUploads, type UploadBounds } from './end-slow-uploads.ts'
import { refusal, refuseUnaddressed } from './refuse-unreadable.ts'
import { countHeader } from './count-header.ts'

/**
 * The timeouts end what a client sends too slowly; a reply may take as long as it likes. A body is judged by its
 * progress, and the time for the whole request is what the largest one may take at the lowest rate. An idle
 * connection outlives those of the usual load balancers, which reuse theirs for up to a minute.
 */
const defaults: ServerOptions = {
  headersTimeout: limits.http.headers,
  requestTimeout: limits.http.request,
  connectionsCheckingInterval: limits.http.check,
  keepAliveTimeout: limits.http.idle,
  // Node would answer with an empty body.
  requireHostHeader: false,
}

type Bounded = ServerOptions & {
  uploads?: UploadBounds
  connections?: Connections<Socket>
  /** Told of each connection that is closed for a newer one. */
  onEvicted?: () => void
}

/** The HTTP server around an app. What is no HTTP never reaches the app, and is answered here. */
export function createHttpServer(
  app: Express,
  { connections, onEvicted, uploads = limits.http.upload, ...options }: Bounded = {},
): Server {
  const settings = { ...defaults, ...classesOf(app), ...options }
  const { connectionsCheckingInterval: everyMs = limits.http.check } = settings
  /** The responses of a connection: the latest, and those before it that are not over. */
  const latest = new WeakMap<Socket, ServerResponse[]>()

  const latestOf = (socket: Socket) => latest.get(socket)?.at(-1)

  /** Nobody sends so many requests before the reply to the first one, and each of them may wait for a minute. */
  function isFlood({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const responses = latest.get(socket)
    if (responses === undefined) {
      latest.set(socket, [response])
      return false
    }
    // They end in their order.
    while (responses[0] !== undefined && isOver(responses[0])) responses.shift()
    responses.push(response)
    if (responses.length <= limits.pipelined) return false
    socket.destroy()
    return true
  }

  const server = createServer(settings, (request, response) => {
    if (isFlood(request, response)) return
    if (isAddressed(request)) app(request, response)
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
  // The app says "continue" itself when it wants the body: a large upload without a key never starts.
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
    // What came whole is being done: its caller hears how it ended, and not of what came behind it.
    else if (response.req.complete) response.shouldKeepAlive = false
    else socket.end(refusal(error, response))
  })
  return server
}

/**
 * Classes of requests and responses that have the app's prototypes from the start: Express would change those of each
 * request anew.
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
 * Clients open connections ahead of need. One that has carried nothing yet is as idle as one between two
 * requests: a 408 would be taken for the answer to the request that comes next.
 */
function keepUnused(socket: Socket, ms: number): void {
  socket.setTimeout(ms, () => {
    if (socket.bytesRead === 0) socket.destroy()
  })
}

/**
 * Whether a request says in the words of our time what it wants, and of whom, once. Only a proxy is
 * asked for whole URLs; Express answers those it cannot parse with a page of its own.
 */
function isAddressed(request: IncomingMessage): boolean {
  const { url, httpVersion } = request
  if (url?.startsWith('/') !== true || httpVersion === '0.9') return false
  const hosts = countHeader('host', request)
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0')
}

/** Whether a request was read and answered to the end, so that what follows on its connection is another one. */
function isOver(response: ServerResponse): boolean {
  return response.writableFinished && response.req.complete
}

/** Listens, and tells where. A busy port is named, with the variable that changes it. */
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

/** Takes no new connection and waits for the replies under way, but not longer than `ms`. */
export async function closeHttpServer(server: Server, ms: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
  })
  // Connections that are kept alive fall idle one by one, and Node closes only those that already are.
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
