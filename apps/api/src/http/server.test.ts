import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '@longhaul/core'
import { expect, test } from 'vitest'
import type { Route } from '../route.ts'
import { closeHttpServer } from './server.ts'
import { doc, echo, keyOfAcme, serve } from './test-server.fixture.ts'

const authorization = `Authorization: Bearer ${keyOfAcme}\r\n`

test.each([
  ['garbage', 'hello\r\n\r\n', 400],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00', 400],
  ['the Redis protocol', '*1\r\n$4\r\nPING\r\n', 400],
  ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
  ['headers of 70 kB', `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    400,
  ],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    400,
  ],
])('%s is refused once and closed', async (_, text, status) => {
  const { raw } = await serve([echo])
  const reply = await raw(text).all
  expect(reply.text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(reply.text.match(/HTTP\/1\.1/g)).toHaveLength(1)
})

test('a refused request has the common error body', async () => {
  const { raw } = await serve([echo])
  const { text } = await raw('hello\r\n\r\n').all
  const [, requestId] = /^x-request-id: (\S+)\r$/m.exec(text) ?? []
  expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toEqual({
    code: '400',
    message: 'This is not a valid HTTP request.',
    request_id: requestId,
    errors: [],
    error: {
      message: 'This is not a valid HTTP request.',
      type: 'invalid_request_error',
      code: 'invalid',
      param: null,
    },
  })
})

test.each([
  'http://[',
  'http://h:999999/v2/echo',
  '*',
  '/\\..\\v2',
  'http://169.254.169.254/latest',
])('the target %s is answered in JSON', async (target) => {
  const { raw } = await serve([echo])
  const { text } = await raw(
    `OPTIONS ${target} HTTP/1.1\r\nHost: h\r\n${authorization}Connection: close\r\n\r\n`,
  ).all
  expect(text).toMatch(/^HTTP\/1\.1 40[045] [^]*application\/json/)
})

test('invalid input after the start of a reply ends the connection without a second reply', async () => {
  const stream: Route = {
    method: 'get',
    path: '/v2/stream',
    doc,
    handle: ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
      return Promise.resolve(undefined)
    },
  }
  const { raw } = await serve([stream])
  const { socket, first, all } = raw(`GET /v2/stream HTTP/1.1\r\nHost: h\r\n${authorization}\r\n`)
  await first
  socket.write('hello\r\n\r\n')
  expect((await all).text.match(/HTTP\/1\.1/g)).toHaveLength(1)
})

test('headers that arrive too slowly are 408', async () => {
  const server = { headersTimeout: 200, requestTimeout: 300, connectionsCheckingInterval: 50 }
  const { raw } = await serve([echo], { server })
  const { text } = await raw('GET / HTTP/1.1\r\nHost:').all
  expect(text).toMatch(/^HTTP\/1\.1 408 /)
})

const uploads = { bytes: 1_000, within: 500 }

test('an upload that makes progress may take any time', async () => {
  const server = { headersTimeout: 200, connectionsCheckingInterval: 20, uploads }
  const { raw } = await serve([echo], { server })
  const body = JSON.stringify({ text: 'x'.repeat(20_000) })
  const head = `POST /v2/echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${authorization}`
  const { socket, all } = raw(
    `${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  for (let at = 0; at < body.length; at += 400) {
    socket.write(body.slice(at, at + 400))
    await sleep(20)
  }
  expect((await all).text).toMatch(/^HTTP\/1\.1 200 /)
})

test.each([
  ['stalls at its start', ''],
  ['stalls after much of it', 'x'.repeat(100_000)],
])('an upload that %s is cut off with 408', async (_, begun) => {
  const server = { headersTimeout: 200, connectionsCheckingInterval: 20, uploads }
  const { raw } = await serve([echo], { server })
  const head = `POST /v2/echo HTTP/1.1\r\nHost: h\r\n${authorization}`
  const { socket, all } = raw(
    `${head}Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n{"a":"${begun}`,
  )
  const drip = setInterval(() => socket.write('x'), 20)
  const { text } = await all
  clearInterval(drip)
  expect(text).toMatch(/^HTTP\/1\.1 408 /)
  expect(text).toContain('"code":"too_slow"')
})

test('a connection that was opened in advance serves a late request', async () => {
  const server = { headersTimeout: 30, requestTimeout: 50, connectionsCheckingInterval: 10 }
  const { raw } = await serve([echo], { server })
  const { socket, all } = raw('')
  await sleep(200)
  const head = 'POST /v2/echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n'
  socket.write(
    `${head}${authorization}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
  )
  expect((await all).text).toMatch(/^HTTP\/1\.1 200 /)
})

test('a reply may take longer than the timeouts of the request', async () => {
  const slow: Route = {
    ...echo,
    handle: async () => {
      await sleep(200)
      return { status: 200, body: { late: true } }
    },
  }
  const server = { headersTimeout: 50, requestTimeout: 80, connectionsCheckingInterval: 20 }
  const { post } = await serve([slow], { server })
  expect(await (await post('/v2/echo', '{}')).json()).toEqual({ late: true })
})

test('closing waits for running replies, up to its limit', async () => {
  const begun: number[] = []
  const routes = [200, 600_000].map((ms) => taking(ms, () => begun.push(ms)))
  const { server, post } = await serve(routes)
  const quick = post('/v2/200', '{}')
  const endless = post('/v2/600000', '{}').catch(() => 'cut')
  await expect.poll(() => begun.length).toBe(2)
  await closeHttpServer(server, 2_000)
  expect((await quick).status).toBe(200)
  expect(await endless).toBe('cut')
})

function taking(ms: number, begin: () => void = () => {}): Route {
  return {
    ...echo,
    path: `/v2/${ms}`,
    handle: async () => {
      begin()
      await sleep(ms, undefined, { ref: false })
      return { status: 200 }
    },
  }
}

test('a connection with too many pipelined requests is closed', async () => {
  let begun = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const slow: Route = {
    method: 'get',
    path: '/v2/slow',
    doc,
    handle: async () => {
      begun += 1
      await promise
      return { status: 200, body: {} }
    },
  }
  const { raw } = await serve([slow])
  const get = `GET /v2/slow HTTP/1.1\r\nHost: h\r\n${authorization}\r\n`
  const most = raw(get.repeat(limits.pipelined))
  await expect.poll(() => begun).toBe(limits.pipelined)
  await raw(get.repeat(10 * limits.pipelined)).all
  expect(begun).toBeLessThanOrEqual(2 * limits.pipelined)
  resolve()
  expect((await most.first).text).toMatch(/^HTTP\/1\.1 200 /)
})
