import { setTimeout as sleep } from 'node:timers/promises'
import { LonghaulError, turnFailed } from '@longhaul/core'
import type { Logger } from '@longhaul/process'
import { expect, test } from 'vitest'
import type { Call, Reply, Route } from './route.ts'
import { doc, echo, keyOfAcme, serve, withKey } from './http/test-server.fixture.ts'

const item: Route = {
  method: 'get',
  path: '/v2/items/:item_key',
  doc,
  handle: ({ params, query, workspace, body }) =>
    Promise.resolve({ status: 200, body: { params, query: [...query], workspace, body } }),
}

test('a route receives the workspace, decoded path parameters and the query', async () => {
  const { url } = await serve([item])
  const response = await fetch(`${url}/v2/items/a%401%2Fb?limit=2.0&limit=3&a[b]=c`, {
    headers: withKey,
  })
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(await response.json()).toEqual({
    params: { item_key: 'a@1/b' },
    query: [
      ['limit', '2.0'],
      ['limit', '3'],
      ['a[b]', 'c'],
    ],
    workspace: 'acme',
  })
})

test('a trailing slash is tolerated, another case is not', async () => {
  const { url } = await serve([item])
  expect((await fetch(`${url}/v2/items/a/`, { headers: withKey })).status).toBe(200)
  expect((await fetch(`${url}/v2/Items/a`, { headers: withKey })).status).toBe(404)
})

test('a valid request id of the caller is returned, an invalid one is replaced', async () => {
  const { url } = await serve([item])
  const idFor = async (given: string) => {
    const response = await fetch(`${url}/v2/nothing`, {
      headers: { ...withKey, 'x-request-id': given },
    })
    const { request_id: inBody } = (await response.json()) as { request_id: string }
    expect(response.headers.get('x-request-id')).toBe(inBody)
    return inBody
  }
  expect(await idFor('trace-1.a_B')).toBe('trace-1.a_B')
  expect(await idFor('two words')).toMatch(/^[0-9a-f-]{36}$/)
  expect(await idFor('a'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/)
})

test('no reply names the server software, and every reply forbids caching and content sniffing', async () => {
  const { url } = await serve([item])
  for (const path of ['/healthz', '/v2/items/a', '/nowhere']) {
    const { headers } = await fetch(url + path)
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('etag')).toBeNull()
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  }
})

test.each([
  ['no header', {}],
  ['an empty header', { authorization: '' }],
  ['another scheme', { authorization: `Basic ${keyOfAcme}` }],
  ['no token', { authorization: 'Bearer ' }],
  ['a part of a key', { authorization: `Bearer ${keyOfAcme.slice(0, -1)}` }],
  ['more than a key', { authorization: `Bearer ${keyOfAcme}x` }],
  ['two keys', { authorization: `Bearer ${keyOfAcme}, Bearer ${keyOfAcme}` }],
  ['__proto__', { authorization: 'Bearer __proto__' }],
  ['a very long key', { authorization: `Bearer ${'x'.repeat(6_000)}` }],
  ['a key in another place', { 'x-api-key': keyOfAcme }],
])('%s is 401, even for an unknown path or method', async (_, headers) => {
  const { url } = await serve([item])
  for (const path of ['/v2/items/a', '/v2/nothing', '/v2/items/%zz']) {
    const response = await fetch(url + path, { headers })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toMatchObject({ code: '401', error: { code: 'unauthorized' } })
  }
  expect((await fetch(`${url}/v2/items/a`, { method: 'PATCH', headers })).status).toBe(401)
})

test('the scheme is read in any case, and two Authorization headers are refused', async () => {
  const { url, raw } = await serve([item])
  const headers = { authorization: `bearer ${keyOfAcme}` }
  expect((await fetch(`${url}/v2/items/a`, { headers })).status).toBe(200)
  const twice = `Authorization: Bearer ${keyOfAcme}\r\n`.repeat(2)
  const reply = await raw(`GET /v2/items/a HTTP/1.1\r\nHost: h\r\n${twice}\r\n`).first
  expect(reply.text).toMatch(/^HTTP\/1\.1 401 /)
})

test('an unavailable key store is 503 with Retry-After', async () => {
  const { url } = await serve([item], {
    authenticate: () => Promise.reject(new LonghaulError('unavailable', 'Not at the moment.')),
  })
  const response = await fetch(`${url}/v2/items/a`, { headers: withKey })
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
})

test('an unknown path is 404, and needs no key outside of the API', async () => {
  const { url } = await serve([item])
  for (const path of ['/', '/favicon.ico', '/.env', '/V2/items/a', '//v2/items/a']) {
    expect((await fetch(url + path)).status).toBe(404)
  }
  const response = await fetch(`${url}/v2/nothing`, { headers: withKey })
  expect(response.status).toBe(404)
  expect(await response.json()).toEqual({
    code: '404',
    message: 'There is no such endpoint.',
    request_id: response.headers.get('x-request-id'),
    errors: [],
    error: {
      message: 'There is no such endpoint.',
      type: 'invalid_request_error',
      code: 'not_found',
      param: null,
    },
  })
})

test.each(['PUT', 'PATCH', 'OPTIONS', 'TRACE'])(
  '%s on a path without it is 405',
  async (method) => {
    const other: Route = { ...item, method: 'delete' }
    const { raw } = await serve([item, other])
    const { text } = await raw(
      `${method} /v2/items/a HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${keyOfAcme}\r\n\r\n`,
    ).first
    expect(text).toMatch(/^HTTP\/1\.1 405 /)
    expect(text.toLowerCase()).toContain('\r\nallow: get, head, delete\r\n')
  },
)

test('a WebSocket on a path without one is 426, so that clients use HTTP at once', async () => {
  const { raw } = await serve([echo])
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
  const { text } = await raw(
    `GET /v2/echo HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${keyOfAcme}\r\n${upgrade}\r\n`,
  ).first
  expect(text).toMatch(/^HTTP\/1\.1 426 /)
  expect(text.toLowerCase()).toContain('\r\nupgrade: http/1.1\r\n')
})

test('HEAD is answered like GET, without the body', async () => {
  const large: Route = {
    ...item,
    path: '/v2/large',
    handle: () =>
      Promise.resolve({
        status: 200,
        large: true,
        body: { data: Array(40).fill('x'.repeat(9_000)) },
      }),
  }
  const bytes: Route = {
    ...item,
    path: '/v2/bytes',
    handle: () => Promise.resolve({ status: 200, body: Buffer.from('{"a":1}') }),
  }
  const { url, raw } = await serve([item, large, bytes, echo])
  for (const path of [
    '/v2/items/a',
    '/v2/large',
    '/v2/bytes',
    '/docs',
    '/openapi.json',
    '/readyz',
  ]) {
    const got = await fetch(url + path, { headers: withKey })
    await got.arrayBuffer()
    const reply = await fetch(url + path, { headers: withKey, method: 'HEAD' })
    expect([path, reply.status]).toEqual([path, 200])
    for (const name of ['content-type', 'content-length', 'etag', 'cache-control'])
      expect([path, reply.headers.get(name)]).toEqual([path, got.headers.get(name)])
    expect(await reply.text()).toBe('')
  }
  const refused = await fetch(`${url}/v2/items/a`, { method: 'HEAD' })
  expect([refused.status, await refused.text()]).toEqual([401, ''])
  const other = await fetch(`${url}/v2/echo`, { method: 'HEAD', headers: withKey })
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST'])

  const head = `HEAD /v2/large HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${keyOfAcme}\r\n`
  const { text } = await raw(`${head}\r\n${head}Connection: close\r\n\r\n`).all
  expect(text.match(/HTTP\/1\.1 200 /g)).toHaveLength(2)
  expect(text).not.toContain('xxx')
})

test.each(['/v2/items/%', '/v2/items/%zz', '/v2/items/%ff', '/v2/items/%c0%af'])(
  '%s is 400: its percent encoding is invalid',
  async (path) => {
    const { url } = await serve([item])
    const response = await fetch(url + path, { headers: withKey })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: '400', error: { code: 'invalid' } })
  },
)

test('a reply at once also keeps the connection', async () => {
  const { raw } = await serve([item])
  for (const path of ['/healthz', '/docs', '/openapi.json', '/nowhere']) {
    const { text } = await raw(`GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`).first
    expect(text.toLowerCase()).toContain('\r\nconnection: keep-alive\r\n')
  }
})

test('healthz, readyz and metrics need no key, and readyz returns the reason', async () => {
  let reason: LonghaulError | undefined
  const { url } = await serve([item], { ready: () => Promise.resolve(reason) })
  await fetch(`${url}/v2/items/private-id`, { headers: withKey })
  expect((await fetch(`${url}/healthz`, { method: 'HEAD' })).status).toBe(200)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('route="/v2/items/:item_key",status="200"')
  expect(metrics).not.toContain('private-id')
  reason = new LonghaulError('unavailable', 'The store is full.', { reason: 'store_full' })
  const notReady = await fetch(`${url}/readyz`)
  expect(notReady.status).toBe(503)
  const body = { message: 'The store is full.', error: { code: 'store_full' } }
  expect(await notReady.json()).toMatchObject(body)
})

test('a route outside of the versioned paths is refused at start', async () => {
  await expect(serve([{ ...item, path: '/items' }])).rejects.toThrow('without a key')
})

test('a domain error has its status, its name, its fields and its details', async () => {
  const { post } = await serve([
    failing('/v2/invalid', fieldError),
    failing('/v2/waited', waited),
    failing('/v2/failed', providerFailed),
    failing('/v2/tools', new LonghaulError('not_found', 'No tool')),
  ])
  const invalid = await post('/v2/invalid', '{}')
  expect(invalid.status).toBe(400)
  expect(await invalid.json()).toMatchObject({
    errors: [{ path: 'a.b', message: 'is missing' }],
    error: { param: 'a.b', code: 'invalid' },
  })
  const late = await post('/v2/waited', '{}')
  expect(late.status).toBe(504)
  expect(await late.json()).toMatchObject({
    code: '504',
    task_id: 't1',
    error: { code: 'wait_expired' },
  })
  const turn = await post('/v2/failed', '{}')
  expect(turn.status).toBe(429)
  expect(await turn.json()).toMatchObject({
    code: '429',
    message: 'Too many requests.',
    error: { code: 'provider_failed', type: 'turn_failed' },
  })
  const tool = await post('/v2/tools', '{}')
  expect(tool.status).toBe(404)
  expect(await tool.json()).toMatchObject({ code: '404', message: 'No tool', error: 'No tool' })
})

function failing(path: string, error: Error): Route {
  return { ...echo, path, handle: () => Promise.reject(error) }
}

const fieldError = new LonghaulError('invalid', 'a.b: is missing', {
  fields: [{ path: 'a.b', message: 'is missing' }],
})
const waited = new LonghaulError('wait_expired', 'Not yet.', { details: { task_id: 't1' } })
const providerFailed = turnFailed({
  code: 'provider_failed',
  message: 'Too many requests.',
  status: 429,
})

test('an unexpected error is a 500 without details, and is logged once with its stack', async () => {
  const lines: Line[] = []
  const boom: Route = {
    ...item,
    handle: () => Promise.reject(new TypeError('ReplyError: WRONGTYPE in /srv/app/node_modules')),
  }
  const { url } = await serve([boom], { log: collecting(lines) })
  const response = await fetch(`${url}/v2/items/a`, { headers: withKey })
  const text = await response.text()
  expect(response.status).toBe(500)
  expect(text).not.toMatch(/WRONGTYPE|node_modules|TypeError|at /)
  await sleep(10)
  const errors = lines.filter(({ level }) => level === 'error')
  expect(errors).toHaveLength(1)
  expect(errors[0]?.fields['err']).toBeInstanceOf(TypeError)
  expect(errors[0]?.fields['request_id']).toBe(response.headers.get('x-request-id'))
})

test('an error after the start of the reply ends the connection', async () => {
  const begun: Route = {
    ...item,
    handle: async ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
      await sleep(20)
      throw new Error('lost')
    },
  }
  const { raw } = await serve([begun])
  const { text } = await raw(
    `GET /v2/items/a HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${keyOfAcme}\r\n\r\n`,
  ).all
  expect(text).toContain('data: 1')
  expect(text).not.toContain('500')
})

test('each request has one info line, without key, body and query', async () => {
  const lines: Line[] = []
  const { url, post } = await serve([echo], { log: collecting(lines) })
  const response = await post('/v2/echo?secret=hunter2', '{"prompt":"hunter2"}')
  await response.text()
  await fetch(`${url}/healthz`)
  await sleep(20)
  expect(lines.filter(({ level }) => level === 'info')).toEqual([
    {
      level: 'info',
      message: 'request',
      fields: {
        method: 'POST',
        path: '/v2/echo',
        status: 200,
        ms: expect.any(Number),
        request_id: response.headers.get('x-request-id'),
        workspace: 'acme',
        key_id: 'acme01234567',
        operator: undefined,
        address: '127.0.0.1',
      },
    },
  ])
  expect(JSON.stringify(lines)).not.toContain('hunter2')
  expect(JSON.stringify(lines)).not.toContain(keyOfAcme)
})

test.for([
  ['the proxy’s', false, '127.0.0.1'],
  ['the one in the header of the proxy', 1, '203.0.113.9'],
  ['the one before the trusted proxies', ['loopback', '203.0.113.0/24'], '198.51.100.7'],
] as const)('the address of a request is %s with TRUST_PROXY=%j', async ([, given, expected]) => {
  const lines: Line[] = []
  const trustProxy = typeof given === 'object' ? [...given] : given
  const { post } = await serve([echo], { log: collecting(lines), trustProxy })
  const headers = { 'x-forwarded-for': '192.0.2.1, 198.51.100.7, 203.0.113.9' }
  await (await post('/v2/echo', '{}', headers)).text()
  await expect.poll(() => lines.at(-1)?.fields).toMatchObject({ address: expected })
})

test('a reply without a body is empty, and a reply of bytes is sent unchanged', async () => {
  const replies: Reply[] = [
    { status: 204 },
    { status: 200, body: Buffer.from('{"ready":true}'), headers: { 'retry-after': '2' } },
  ]
  const next: Route = { ...item, handle: () => Promise.resolve(replies.shift()) }
  const { url } = await serve([next])
  const empty = await fetch(`${url}/v2/items/a`, { headers: withKey })
  expect([empty.status, await empty.text()]).toEqual([204, ''])
  const ready = await fetch(`${url}/v2/items/a`, { headers: withKey })
  expect(ready.headers.get('retry-after')).toBe('2')
  expect(await ready.json()).toEqual({ ready: true })
})

test('a client that disconnects is no error', async () => {
  const lines: Line[] = []
  const begun = Promise.withResolvers<void>()
  const slow: Route = {
    ...item,
    handle(call) {
      begun.resolve()
      return waitForClose(call)
    },
  }
  const { raw } = await serve([slow], { log: collecting(lines) })
  const { socket } = raw(
    `GET /v2/items/a HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${keyOfAcme}\r\n\r\n`,
  )
  await begun.promise
  socket.destroy()
  await expect.poll(() => lines).toMatchObject([{ level: 'info', fields: { status: 499 } }])
})

async function waitForClose({ response }: Call): Promise<Reply> {
  await new Promise((resolve) => {
    response.once('close', resolve)
  })
  throw new DOMException('gone', 'AbortError')
}

type Line = { level: string; fields: Record<string, unknown>; message: string }

/** A log that tests can read: it keeps the lines that a route logs. */
function collecting(lines: Line[]): Logger {
  const at = (level: string) => (fields: Record<string, unknown>, message: string) => {
    lines.push({ level, fields, message })
  }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  } as unknown as Logger
}
