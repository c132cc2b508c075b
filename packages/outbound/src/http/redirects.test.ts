import { describe, expect, test } from 'vitest'
import { createEgress, type EgressRequest } from './egress.ts'
import { parseHostAllowList } from '../guard/egress-allow.ts'
import { EgressError } from './egress-error.ts'
import { startServer } from './test-server.fixture.ts'

const { fetch } = createEgress({
  allow: parseHostAllowList(['127.0.0.1']),
  resolve: () => Promise.resolve(['127.0.0.1']),
})

function call(request: Partial<EgressRequest> & { url: string }) {
  const signal = new AbortController().signal
  return fetch({ signal, timeoutMs: 5_000, maxBytes: 1_000, ...request })
}

async function failureOf(request: Partial<EgressRequest> & { url: string }): Promise<EgressError> {
  const error: unknown = await call(request).then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  if (error instanceof EgressError) return error
  throw error
}

/** `/to?status=307&location=…` redirects there; every other path answers. */
function startRedirecting() {
  return startServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
    const location = searchParams.get('location')
    if (pathname !== '/to' || location === null) response.end('arrived')
    else response.writeHead(Number(searchParams.get('status')), { location }).end('elsewhere')
  })
}

function to(location: string, status = 302): string {
  return `/to?${new URLSearchParams({ status: String(status), location }).toString()}`
}

describe('a redirect', () => {
  test('is followed, and the reply has the final URL', async () => {
    const { url, requests } = await startRedirecting()
    const reply = await call({ url: url + to(to('/end?x=1#y')) })
    expect(reply).toMatchObject({ status: 200, url: `${url}/end?x=1#y` })
    expect(Buffer.from(reply.body).toString()).toBe('arrived')
    expect(requests.map((each) => each.url)).toEqual([
      to(to('/end?x=1#y')),
      to('/end?x=1#y'),
      '/end?x=1',
    ])
  })

  test.each([
    'http://127.0.0.2/',
    'http://localhost/',
    'http://0x7f000002/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data/iam/security-credentials/',
    'http://2852039166/',
    '//169.254.169.254/',
    '\\\\169.254.169.254/',
    'http://10.0.0.1/',
    'http://user:password@example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'data:text/plain,hello',
    'javascript:1',
    'http://[',
  ])('to %s is refused', async (location) => {
    const { url, requests } = await startRedirecting()
    const error = await failureOf({ url: url + to(location) })
    expect(error).toMatchObject({ reason: 'refused', sent: true })
    expect(requests).toHaveLength(1)
  })

  test('that leads back to itself ends after five', async () => {
    const { url, requests } = await startServer((_, response) => {
      response.writeHead(302, { location: '/again' }).end()
    })
    const error = await failureOf({ url })
    expect(error).toMatchObject({ reason: 'too_many_redirects', sent: true })
    expect(error.message).toBe('the reply is redirect number 6, and 5 are followed')
    expect(requests).toHaveLength(6)
  })

  test('is an error where redirects are not allowed', async () => {
    const { url, requests } = await startRedirecting()
    const error = await failureOf({ url: url + to('/end'), maxRedirects: 0 })
    expect(error).toMatchObject({ reason: 'too_many_redirects' })
    expect(requests).toHaveLength(1)
  })

  test('without a location is the reply', async () => {
    const { url } = await startServer((_, response) => response.writeHead(302).end('lost'))
    expect(await call({ url })).toMatchObject({ status: 302 })
  })

  test('of 302 turns a POST into a GET without its body', async () => {
    const { url, requests } = await startRedirecting()
    const headers = { 'Content-Type': 'application/json' }
    await call({ url: url + to('/end'), method: 'post', headers, body: '{"a":1}' })
    expect(requests.map(({ method, body }) => [method, body])).toEqual([
      ['POST', '{"a":1}'],
      ['GET', ''],
    ])
    expect(requests[1]?.headers).not.toHaveProperty('content-type')
    expect(requests[1]?.headers).not.toHaveProperty('content-length')
  })

  test('of 307 keeps the method, the body and its type', async () => {
    const { url, requests } = await startRedirecting()
    const headers = { 'Content-Type': 'application/json' }
    await call({ url: url + to('/end', 307), method: 'POST', headers, body: '{"a":1}' })
    expect(requests[1]).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'content-length': '7' },
    })
  })
})

const secrets = { Authorization: 'Bearer x', Cookie: 'a=b', 'X-Api-Key': 'k', 'X-Trace': 't' }

test('secrets are not sent to another origin, not even to another port', async () => {
  const stranger = await startRedirecting()
  const { url, requests } = await startRedirecting()
  await call({
    url: url + to(stranger.url + to(`${url}/back`)),
    headers: secrets,
    secretHeaders: ['x-api-key'],
  })
  const kept = [...requests, ...stranger.requests].map(({ headers }) =>
    ['authorization', 'cookie', 'x-api-key', 'x-trace'].filter((name) => name in headers),
  )
  expect(kept).toEqual([
    ['authorization', 'cookie', 'x-api-key', 'x-trace'],
    ['x-trace'],
    ['x-trace'],
  ])
})

test('secrets are kept by a redirect within their origin', async () => {
  const { url, requests } = await startRedirecting()
  await call({ url: url + to('/end'), headers: secrets, secretHeaders: ['X-Api-Key'] })
  expect(requests[1]?.headers).toMatchObject({ authorization: 'Bearer x', 'x-api-key': 'k' })
})

test('a redirect with an endless body is followed at once, and its connection is closed', async () => {
  const closed = Promise.withResolvers<void>()
  const { url } = await startServer((request, response) => {
    if (request.url === '/end') {
      response.end('arrived')
      return
    }
    request.socket.on('close', () => closed.resolve())
    response.writeHead(302, { location: '/end' }).write('and so on')
  })
  expect(await call({ url })).toMatchObject({ status: 200 })
  await closed.promise
})
