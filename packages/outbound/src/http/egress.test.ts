import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEgress, type EgressRequest } from './egress.ts'
import { parseHostAllowList } from '../guard/egress-allow.ts'
import { EgressError } from './egress-error.ts'
import { createNameResolver } from '../dns/names.ts'
import { startServer } from './test-server.fixture.ts'

const resolve = createNameResolver().of('w')
const { fetch } = createEgress({ allow: parseHostAllowList(['127.0.0.1']), resolve })
const MB = 1024 * 1024

function call(request: Partial<EgressRequest> & { url: string }) {
  const signal = new AbortController().signal
  return fetch({ signal, timeoutMs: 10_000, maxBytes: MB, ...request })
}

async function failureOf(request: Partial<EgressRequest> & { url: string }): Promise<EgressError> {
  const error: unknown = await call(request).then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  if (error instanceof EgressError) return error
  throw error
}

/** A server that answers with raw bytes, at the first bytes of a request. */
async function startRaw(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    // Errors are expected: in these tests clients disconnect early.
    socket.on('error', () => socket.destroy())
    socket.once('data', () => answer(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

describe('a call', () => {
  test('sends the request, and returns the whole reply', async () => {
    const { url, requests } = await startServer((_, response) => {
      response.writeHead(418, { 'X-Answer': 'tea', 'Set-Cookie': ['a=1', 'b=2'] }).end('no coffee')
    })
    const reply = await call({
      url: `${url}/path?q=ü`,
      method: 'put',
      headers: { 'X-Key': 'k', 'User-Agent': 'mine' },
      body: 'größer',
    })
    expect(requests).toEqual([
      {
        method: 'PUT',
        url: '/path?q=%C3%BC',
        body: 'größer',
        headers: {
          host: new URL(url).host,
          connection: 'close',
          accept: '*/*',
          'accept-encoding': 'gzip, br',
          'user-agent': 'mine',
          'x-key': 'k',
          'content-length': '8',
        },
      },
    ])
    expect(reply).toMatchObject({ status: 418, url: `${url}/path?q=%C3%BC` })
    expect(reply.headers).toMatchObject({ 'x-answer': 'tea', 'set-cookie': 'a=1, b=2' })
    expect(Buffer.from(reply.body).toString()).toBe('no coffee')
  })

  test('never reuses a connection', async () => {
    const { url, connections } = await startServer()
    await call({ url })
    await call({ url })
    expect(connections()).toBe(2)
  })

  test.each([
    { headers: { Host: 'evil.test' } },
    { headers: { 'X-Key': 'a\r\nHost: evil.test' } },
    { headers: { 'Transfer-Encoding': 'chunked' } },
    { method: 'GET / HTTP/1.1\r\nHost: evil.test\r\n\r\nGET' },
  ])('with %j is refused before anything is sent', async (request) => {
    const { url, connections } = await startServer()
    const error = await failureOf({ url, ...request })
    expect(error).toMatchObject({ reason: 'refused', sent: false })
    expect(connections()).toBe(0)
  })
})

describe('a body', () => {
  const text = 'many words '.repeat(1_000)

  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['BR', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
    ['identity', Buffer.from(text)],
  ])('in %s is decoded', async (encoding, bytes) => {
    const { url } = await startServer((_, response) => {
      response.writeHead(200, { 'Content-Encoding': encoding }).end(bytes)
    })
    const { body, headers } = await call({ url })
    expect(Buffer.from(body).toString()).toBe(text)
    expect(headers).not.toHaveProperty('content-encoding')
  })

  test.each([
    ['gzip', gzipSync(text).subarray(0, 40), 'sent a reply that cannot be decompressed'],
    ['br', gzipSync(text), 'sent a reply that cannot be decompressed'],
    ['gzip, gzip', gzipSync(gzipSync(text)), 'encoding "gzip, gzip", which is not supported'],
    ['compress', Buffer.from(text), 'encoding "compress", which is not supported'],
  ])('in %s that cannot be decoded is an error', async (encoding, bytes, message) => {
    const { url } = await startServer((_, response) => {
      response.writeHead(200, { 'Content-Encoding': encoding }).end(bytes)
    })
    const error = await failureOf({ url })
    expect(error).toMatchObject({ reason: 'broken', sent: true })
    expect(error.message).toContain(message)
  })

  test.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('that does not exist with %s and %i is not decoded', async (method, status) => {
    const { url } = await startServer((_, response) => {
      response.writeHead(status, { 'Content-Encoding': 'gzip' }).end()
    })
    expect((await call({ url, method })).body).toHaveLength(0)
  })

  test('of exactly the limit passes, and one byte more does not', async () => {
    const { url } = await startServer((_, response) => response.end('x'.repeat(1_000)))
    expect((await call({ url, maxBytes: 1_000 })).body).toHaveLength(1_000)
    const error = await failureOf({ url, maxBytes: 999 })
    expect(error).toMatchObject({ reason: 'too_large', sent: true })
    expect(error.message).toBe('the reply is larger than 999 bytes')
  })

  test('without an end is read up to the limit, and the connection is closed', async () => {
    const closed = Promise.withResolvers<void>()
    const { url } = await startServer((_, response) => {
      response.on('close', () => closed.resolve())
      pour(response)
    })
    expect(await failureOf({ url })).toMatchObject({ reason: 'too_large' })
    await closed.promise
  })

  const zeros = Buffer.alloc(50 * MB)
  test.each([
    ['gzip', gzipSync(zeros)],
    ['deflate', deflateSync(zeros)],
    ['br', brotliCompressSync(zeros)],
  ])(
    'that is a decompression bomb of %s is decoded only up to the limit',
    async (encoding, bomb) => {
      expect(bomb.length).toBeLessThan(60_000)
      const { url } = await startServer((_, response) => {
        response.writeHead(200, { 'Content-Encoding': encoding }).end(bomb)
      })
      const before = process.memoryUsage().arrayBuffers
      expect(await failureOf({ url })).toMatchObject({ reason: 'too_large', sent: true })
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * MB)
    },
  )
})

/** Writes as long as the client reads. */
function pour(to: ServerResponse | Socket, piece = 'x'.repeat(16_384)): void {
  while (!to.destroyed && to.write(piece)) {
    // The buffer is not full yet.
  }
  if (!to.destroyed) to.once('drain', () => pour(to, piece))
}

const chunkedHead = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

describe('an incomplete reply is an error:', () => {
  test.each([
    ['shorter than its content-length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'],
    ['without its last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'],
    ['in the middle of its headers', 'HTTP/1.1 200 OK\r\nContent-'],
    ['before its first byte', ''],
    ['not in HTTP', '-ERR unknown command\r\n'],
    ['with a content-length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'],
    ['with two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ])('%s', async (_, bytes) => {
    const error = await failureOf({ url: await startRaw((socket) => socket.end(bytes)) })
    expect(error).toMatchObject({ reason: 'broken', sent: true })
    expect(error.message).toMatch(/did not answer in HTTP|closed the connection before/)
  })

  test('longer than its content-length is cut there or refused, and the rest is never read', async () => {
    const bytes = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more than that'
    const url = await startRaw((socket) => socket.end(bytes))
    const body = await call({ url }).then((reply) => Buffer.from(reply.body).toString(), String)
    expect(body).not.toContain('and more')
  })

  test.for([
    ['informational replies', '', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(200)],
    ['tiny chunks', chunkedHead, '1\r\nx\r\n'.repeat(1_500)],
    ['chunk extensions', chunkedHead, `1;a=${'b'.repeat(8_000)}\r\nx\r\n`],
  ])('with endless %s is too large', async ([, head = '', piece = '']) => {
    const url = await startRaw((socket) => {
      socket.write(head)
      pour(socket, piece)
    })
    const error = await failureOf({ url, maxBytes: 500_000 })
    expect(error).toMatchObject({ reason: 'too_large', sent: true })
    expect(error.message).toMatch(/more than|larger than/)
  })

  test('with endless headers is too large', async () => {
    const url = await startRaw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${'X-Header: and so on\r\n'.repeat(5_000)}\r\n`)
    })
    expect(await failureOf({ url })).toMatchObject({ reason: 'too_large', sent: true })
  })
})

describe('a call ends at its time limit, and its connection is closed,', () => {
  test.each([
    ['while no reply arrives', () => {}],
    ['while a body arrives slowly', drip],
    [
      'while a compressed body drips',
      (response: ServerResponse) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip' })
        response.write(gzipSync('x').subarray(0, 10))
      },
    ],
  ])('%s', async (_, answer: (response: ServerResponse) => void) => {
    const closed = Promise.withResolvers<void>()
    const { url } = await startServer((request, response) => {
      request.socket.on('close', () => closed.resolve())
      answer(response)
    })
    const error = await failureOf({ url, timeoutMs: 300 })
    expect(error).toMatchObject({ reason: 'timeout', sent: true })
    expect(error.message).toBe('no complete reply came within 0.3 s')
    await closed.promise
  })

  test('while a name is resolved, and nothing was sent', async () => {
    const stopped: AbortSignal[] = []
    const { fetch: stuck } = createEgress({
      allow: parseHostAllowList([]),
      resolve: (_, end) => {
        stopped.push(end)
        return new Promise(() => {})
      },
    })
    const { signal } = new AbortController()
    const waiting = stuck({ url: 'http://slow.test/', signal, timeoutMs: 100, maxBytes: 1 })
    await expect(waiting).rejects.toMatchObject({ reason: 'timeout', sent: false })
    expect(stopped.map(({ aborted }) => aborted)).toEqual([true])
  })

  test('in a chain of redirects', async () => {
    const { url } = await startServer((_, response) => {
      setTimeout(() => response.writeHead(302, { location: '/' }).end(), 50)
    })
    const error = await failureOf({ url, timeoutMs: 300, maxRedirects: 1_000 })
    expect(error).toMatchObject({ reason: 'timeout', sent: true })
  })
})

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write('x'), 20)
  response.on('close', () => clearInterval(timer))
}

describe('a call that is aborted', () => {
  test('closes the connection, and has an error that says that the request may have arrived', async () => {
    const controller = new AbortController()
    const closed = Promise.withResolvers<void>()
    const { url } = await startServer((request) => {
      request.socket.on('close', () => closed.resolve())
      controller.abort(new Error('the turn was cancelled'))
    })
    const error = await failureOf({ url, signal: controller.signal })
    expect(error).toMatchObject({ reason: 'aborted', sent: true })
    await closed.promise
  })

  test('within the body ends there', async () => {
    const controller = new AbortController()
    const closed = Promise.withResolvers<void>()
    const { url } = await startServer((request, response) => {
      request.socket.on('close', () => closed.resolve())
      response.write('some')
      setTimeout(() => controller.abort(), 50)
    })
    const error = await failureOf({ url, signal: controller.signal })
    expect(error).toMatchObject({ reason: 'aborted', sent: true })
    await closed.promise
  })

  test('beforehand sends nothing', async () => {
    const { url, connections } = await startServer()
    const error = await failureOf({ url, signal: AbortSignal.abort() })
    expect(error).toMatchObject({ reason: 'aborted', sent: false })
    expect(connections()).toBe(0)
  })
})

test('an error message has no stack, no name of a library, and no address', async () => {
  const url = await startRaw((socket) => socket.destroy())
  const { fetch: named } = createEgress({
    allow: parseHostAllowList(['tools.test']),
    resolve: () => Promise.resolve(['127.0.0.1']),
  })
  const { signal } = new AbortController()
  const port = new URL(url).port
  const error: unknown = await named({
    url: `http://tools.test:${port}/`,
    signal,
    timeoutMs: 5_000,
    maxBytes: 1,
  }).catch((reason: unknown) => reason)
  expect((error as Error).message).toBe(
    `tools.test:${port} closed the connection before its reply was complete`,
  )
})
