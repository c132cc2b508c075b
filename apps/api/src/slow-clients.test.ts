import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:net'
import { assertValidReply, repliesIn } from '@longhaul/testbed'
import { expect, onTestFinished, test } from 'vitest'
import { type Route } from './route.ts'
import { echo, keyOfAcme, serve, withKey } from './http/test-server.fixture.ts'

const timeouts = {
  headersTimeout: 300,
  requestTimeout: 500,
  connectionsCheckingInterval: 50,
  keepAliveTimeout: 300,
}
const start = `POST /v2/echo HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${keyOfAcme}\r\nContent-Type: application/json\r\n`

/** The bytes that are sent at once, those that follow piece by piece, and the expected answer. */
const slow: Record<string, [sent: string, drip: string, answers: number[]]> = {
  silence: ['', '', []],
  'a first line that drips': ['', `GET /${'a'.repeat(200)}`, [408]],
  'headers that drip': ['GET /healthz HTTP/1.1\r\nHost: h\r\n', 'X-A: b\r\n'.repeat(20), [408]],
  'headers that end nowhere': ['GET /healthz HTTP/1.1\r\nHost: h\r\nX-A: ', '', [408]],
  'empty lines without end': ['', '\r\n'.repeat(200), [408]],
  'a body that drips': [`${start}Content-Length: 1000\r\n\r\n{"a":"`, 'x'.repeat(200), [408]],
  'a body that never comes': [`${start}Content-Length: 1000\r\n\r\n`, '', [408]],
  'chunks that drip': [
    `${start}Transfer-Encoding: chunked\r\n\r\n`,
    '1\r\n \r\n'.repeat(40),
    [408],
  ],
  'a chunk without its size': [
    `${start}Transfer-Encoding: chunked\r\n\r\n`,
    '0'.repeat(200),
    [408],
  ],
  'a promise to send': [
    `${start}Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n`,
    '',
    [100, 408],
  ],
  'a second request that drips': [
    'GET /healthz HTTP/1.1\r\nHost: h\r\n\r\nGET /healthz HTTP/1.1\r\n',
    'X-A: b\r\n'.repeat(20),
    [200, 408],
  ],
}

test('a slow client receives 408 and is cut off, while the others are served', async () => {
  const { url, post } = await serve([echo], { server: timeouts })
  const port = Number(new URL(url).port)
  const checks = Object.entries(slow).map(async ([name, [sent, drip, answers]]) => {
    const replies = repliesIn(await dripping(port, sent, drip))
    for (const reply of replies) if (reply.status !== 100) assertValidReply(reply, name)
    expect([name, replies.map(({ status }) => status)]).toEqual([name, answers])
  })
  for (let round = 0; round < 10; round += 1) {
    expect((await post('/v2/echo', '{"a":1}')).status).toBe(200)
    await sleep(40)
  }
  await Promise.all(checks)
})

/** Sends one character at a time until the server closes the connection. */
async function dripping(port: number, sent: string, drip: string): Promise<string> {
  const received: Buffer[] = []
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write(sent)
  let at = 0
  const timer = setInterval(() => {
    if (socket.writable && at < drip.length) socket.write(drip.slice(at, (at += 1)))
  }, 10)
  socket.on('data', (chunk) => received.push(chunk))
  socket.on('error', () => {})
  await new Promise((resolve) => {
    socket.once('close', resolve)
  })
  clearInterval(timer)
  return Buffer.concat(received).toString('latin1')
}

test('a request that is cut off at any byte never reaches a route', async () => {
  const bodies: unknown[] = []
  const watched: Route = {
    ...echo,
    handle: ({ body }) => {
      bodies.push(body)
      return Promise.resolve({ status: 200 })
    },
  }
  const { server, url, post } = await serve([watched], { server: timeouts })
  const port = Number(new URL(url).port)
  const whole = `${start}Content-Length: 9\r\n\r\n{"cut":1}`
  for (const how of ['reset', 'half close'] as const) {
    for (let length = 1; length < whole.length; length += 7) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.on('data', () => {})
      await new Promise((resolve) => {
        socket.write(whole.slice(0, length), resolve)
      })
      if (how === 'reset') socket.resetAndDestroy()
      else socket.end()
    }
  }
  await sleep(100)
  expect((await post('/v2/echo', '{"whole":1}')).status).toBe(200)
  expect(bodies).toEqual([{ whole: 1 }])
  await expect.poll(() => connectionsOf(server)).toBeLessThanOrEqual(1)
})

function connectionsOf(server: {
  getConnections(give: (error: unknown, count: number) => void): void
}) {
  return new Promise<number>((resolve) => {
    server.getConnections((_, count) => resolve(count))
  })
}

test('two hundred silent connections do not block other clients', async () => {
  const { url } = await serve([echo], { server: timeouts })
  const port = Number(new URL(url).port)
  const sockets = Array.from({ length: 200 }, () => connect(port, '127.0.0.1'))
  const closed = sockets.map(
    (socket) =>
      new Promise((resolve) => {
        socket
          .on('error', () => {})
          .on('close', resolve)
          .resume()
      }),
  )
  expect((await fetch(`${url}/healthz`, { headers: withKey })).status).toBe(200)
  await Promise.all(closed)
})

test('a client that never reads its replies loses its connection, and other clients lose no reply', async () => {
  const large: Route = {
    method: 'get',
    path: echo.path,
    doc: echo.doc,
    handle: () => Promise.resolve({ status: 200, body: { text: 'x'.repeat(1_000_000) } }),
  }
  const { server, url } = await serve([large], { server: timeouts })
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    `GET /v2/echo HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${keyOfAcme}\r\n\r\n`.repeat(50),
  )
  socket.pause()
  await sleep(100)
  expect((await fetch(`${url}/v2/echo`, { headers: withKey })).status).toBe(200)
  socket.destroy()
  await expect.poll(() => connectionsOf(server)).toBeLessThanOrEqual(1)
})
