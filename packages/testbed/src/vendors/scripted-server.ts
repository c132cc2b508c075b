import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSharedPort } from '../lib/shared-port.ts'

/** A request to a scripted server. */
export type ServedRequest = {
  method: string
  /** The path with its query. */
  path: string
  headers: IncomingHttpHeaders
  body: string
  /** Whether the client disconnected before the answer. */
  closedEarly: boolean
}

/**
 * A `hang` never answers. A `drip` sends single bytes at intervals and never ends. A string is sent as
 * text, bytes unchanged, anything else as JSON. `huge` is a body of this many bytes without a declared length.
 */
export type ServedReply = {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  delay?: number
  huge?: number
  fault?: 'hang' | 'reset' | 'drip'
}

export type ScriptedServer = {
  url: string
  requests: ServedRequest[]
  reply(answer: (request: ServedRequest) => ServedReply): void
  close(): Promise<void>
}

/** An HTTP service for tools and file URLs. It answers `{ "ok": true }` by default. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const requests: ServedRequest[] = []
  let answer: (request: ServedRequest) => ServedReply = fine
  const sockets = new Set<Socket>()
  const shared = createSharedPort(() => createServer(onRequest).on('connection', onConnection))
  const port = await shared.listen(0)

  function onConnection(socket: Socket): void {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    serve(request, response).catch(() => response.destroy())
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const { method = '', url: path = '', headers } = request
    const body = Buffer.concat(chunks).toString()
    const served: ServedRequest = { method, path, headers, body, closedEarly: false }
    requests.push(served)
    response.on('close', () => {
      served.closedEarly = !response.writableFinished
    })
    send(answer(served), response)
  }

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    reply(next) {
      answer = next
    },
    async close() {
      const closed = shared.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function fine(): ServedReply {
  return { body: { ok: true } }
}

function send(reply: ServedReply, to: ServerResponse): void {
  const { status = 200, headers, body, delay = 0, huge, fault } = reply
  if (fault === 'hang') return
  if (huge !== undefined || fault === 'drip') {
    to.writeHead(status, { 'content-type': 'text/plain', ...headers })
    const source = Readable.from(fault === 'drip' ? drops() : chunksOf(huge ?? 0))
    // The client is expected to disconnect during the reply.
    pipeline(source, to).catch(() => {})
    return
  }
  if (fault === 'reset') {
    to.destroy()
    return
  }
  const raw = typeof body === 'string' || body instanceof Uint8Array
  const type = typeof body === 'string' ? 'text/plain' : 'application/json'
  setTimeout(() => {
    to.writeHead(status, { 'content-type': type, ...headers })
    to.end(raw ? body : JSON.stringify(body))
  }, delay)
}

async function* drops(): AsyncGenerator<string> {
  for (;;) {
    yield '.'
    await sleep(50)
  }
}

function* chunksOf(bytes: number): Generator<Uint8Array> {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  for (let left = bytes; left > 0; left -= chunk.length) yield chunk.subarray(0, left)
}
