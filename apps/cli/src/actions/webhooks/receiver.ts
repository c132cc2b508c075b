import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { UsageError } from '../../failure.ts'

export type Received = { headers: IncomingHttpHeaders; body: Buffer }

type Answer = (received: Received) => Promise<number>

/** The largest event is smaller. */
const mostBytes = 4 * 1024 * 1024

/** Receives requests on this machine. What `answer` returns is the status of the answer. */
export async function startReceiver(port: number, answer: Answer) {
  const server = createServer((request, response) => {
    reply(request, response, answer).catch(() => {
      // The sender has gone.
      response.destroy()
    })
  })
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(`port ${port} cannot be used (${code})`, 'Give another --port.')
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function reply(request: IncomingMessage, response: ServerResponse, answer: Answer) {
  const body = await read(request)
  const status = body === undefined ? 413 : await answer({ headers: request.headers, body })
  response.writeHead(status, { connection: 'close' }).end()
}

async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  if (request.method !== 'POST') return Buffer.alloc(0)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
