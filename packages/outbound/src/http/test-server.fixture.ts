import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

type Seen = { method: string; url: string; headers: IncomingHttpHeaders; body: string }

/** An HTTP server for one test, which records its requests. */
export async function startServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => {
    response.end('hello')
  },
  host = '127.0.0.1',
) {
  const requests: Seen[] = []
  let connections = 0
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = request
    requests.push({ method, url, headers, body: await text(request) })
    answer(request, response)
  }
  const server = createServer((request, response) => {
    take(request, response).catch((error: Error) => response.destroy(error))
  })
  server.on('connection', () => connections++)
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    requests,
    connections: () => connections,
  }
}
