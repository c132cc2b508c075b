import { type RequestListener, STATUS_CODES, createServer } from 'node:http'
import type { Server, ServerOptions, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * The timeouts end what a client sends too slowly; a reply may take as long as it likes. An idle
 * connection outlives those of the usual load balancers, which reuse theirs for up to a minute.
 */
const defaults: ServerOptions = {
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
}

/** The HTTP server around an app. What is no HTTP never reaches the app, and is answered here. */
export function createHttpServer(app: RequestListener, options: ServerOptions = {}): Server {
  const current = new WeakMap<Socket, ServerResponse>()
  const server = createServer({ ...defaults, ...options }, (request, response) => {
    current.set(request.socket, response)
    // Only a proxy is asked for whole URLs; Express answers those it cannot parse with a page of its own.
    if (request.url?.startsWith('/') === true) app(request, response)
    else response.writeHead(400, refusalHeaders).end(refusalBody(400, notHttp))
  })
  server.maxRequestsPerSocket = 10_000
  // The app says "continue" itself when it wants the body: a large upload without a key never starts.
  server.on('checkContinue', (request, response) => server.emit('request', request, response))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = current.get(socket)
    const answering = response?.headersSent === true && !response.writableFinished
    if (error.code === 'ECONNRESET' || !socket.writable || answering) socket.destroy()
    else socket.end(refusal(error.code))
  })
  return server
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

const notHttp = 'This is not a valid HTTP request.'

const problems: Record<string, [status: number, message: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
}

/** For a connection on which there is no request to answer: the reply's bytes. */
function refusal(code = ''): string {
  const [status, message] = problems[code] ?? [400, notHttp]
  const headers = Object.entries(refusalHeaders).map(([name, value]) => `${name}: ${value}\r\n`)
  const body = refusalBody(status, message)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('')}content-length: ${body.length}\r\n\r\n${body}`
}

const refusalHeaders = {
  connection: 'close',
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
}

function refusalBody(status: number, message: string): string {
  const error = { message, type: 'invalid_request_error', code: 'invalid', param: null }
  return JSON.stringify({ code: String(status), message, errors: [], error })
}
