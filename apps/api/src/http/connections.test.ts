import { once } from 'node:events'
import { Agent, get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { createConnections } from '@longhaul/core'
import { expect, onTestFinished, test } from 'vitest'
import type { Route } from '../route.ts'
import { doc, serve, withKey } from './test-server.fixture.ts'

const hello: Route = {
  method: 'get',
  path: '/v2/hello',
  doc,
  handle: () => Promise.resolve({ status: 200 }),
}

type Options = NonNullable<Parameters<typeof serve>[1]>

/** A server that keeps `total` connections, of which `unproven` may be without a key. */
async function setup(bounds: { total: number; unproven: number }, options: Options = {}) {
  const connections = createConnections<Socket>(bounds)
  const server = await serve([hello], { ...options, connections })
  return { connections, ...server }
}

/** A client that keeps its own connection. */
function client(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return async (path: string, headers = {}) => {
    const request = get(url + path, { agent, headers })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const text = (await response.toArray()).join('')
    return { status: response.statusCode, text, reused: request.reusedSocket }
  }
}

test('idle connections without keys close each other, and block neither clients nor probes', async () => {
  const { connections, raw, url } = await setup({ total: 10, unproven: 3 })
  const known = client(url)
  expect((await known('/v2/hello', withKey)).status).toBe(200)
  const idle = Array.from({ length: 6 }, () => raw(''))
  await Promise.all(idle.slice(0, 3).map(({ all }) => all))
  await expect.poll(() => connections.count()).toBe(4)
  expect(idle.slice(3).map(({ socket }) => socket.readyState)).toEqual(Array(3).fill('open'))
  expect((await client(url)('/healthz')).status).toBe(200)
  expect(await known('/v2/hello', withKey)).toMatchObject({ status: 200, reused: true })
})

test('a connection that was opened in advance stays while there are few of them', async () => {
  const { raw, url } = await setup({ total: 100, unproven: 3 })
  const { socket, all } = raw('')
  for (let n = 0; n < 20; n += 1) await client(url)('/v2/hello', withKey)
  socket.write('GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
  expect((await all).text).toMatch(/^HTTP\/1\.1 200 /)
})

test('clients that arrive all at once are served, although the check of their keys takes a moment', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let lookups = 0
  const authenticate = async () => {
    lookups += 1
    await promise
    return { workspace: 'acme', keyId: 'acme01234567' }
  }
  const { url } = await setup({ total: 100, unproven: 2 }, { authenticate })
  const replies: Promise<{ status: number | undefined }>[] = []
  for (let n = 1; n <= 10; n += 1) {
    replies.push(client(url)('/v2/hello', withKey))
    await expect.poll(() => lookups).toBe(n)
  }
  resolve()
  const statuses = (await Promise.all(replies)).map(({ status }) => status)
  expect(statuses).toEqual(Array(10).fill(200))
})

test('too many connections with keys are 429, and a health probe is still answered', async () => {
  const { connections, url } = await setup({ total: 3, unproven: 1 })
  const clients = [client(url), client(url)]
  for (const each of clients) expect((await each('/v2/hello', withKey)).status).toBe(200)
  const refused = await client(url)('/v2/hello', withKey)
  expect(refused.status).toBe(429)
  expect(JSON.parse(refused.text)).toMatchObject({ violated_policies: ['connections'] })
  expect((await client(url)('/healthz')).status).toBe(200)
  for (const each of clients) expect((await each('/v2/hello', withKey)).reused).toBe(true)
  expect(connections.count()).toBeLessThanOrEqual(3)
})
