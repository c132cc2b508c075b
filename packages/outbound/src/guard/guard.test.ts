import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { limits } from '@longhaul/core'
import { request } from 'undici'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createEgress } from '../http/egress.ts'
import { parseHostAllowList } from './egress-allow.ts'
import { EgressError } from '../http/egress-error.ts'
import { createGuardedAgent } from './guarded-agent.ts'
import { hostile } from './hostile-urls.fixture.ts'
import { createNameResolver } from '../dns/names.ts'
import { startServer } from '../http/test-server.fixture.ts'

const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
)

/** Listens on every address of the machine, so that it detects every spelling that passes the guard. */
const startCanary = () => startServer(undefined, hasIpv6 ? '::' : '0.0.0.0')

function egress({
  allow = [],
  answers = [['127.0.0.1']],
}: { allow?: string[]; answers?: string[][] } = {}) {
  const asked: string[] = []
  const { fetch } = createEgress({
    allow: parseHostAllowList(allow),
    resolve: (host) => {
      asked.push(host)
      return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1] ?? [])
    },
  })
  const get = (url: string) =>
    fetch({ url, signal: new AbortController().signal, timeoutMs: 5_000, maxBytes: 1_000 })
  return { asked, get, failure: async (url: string) => await failureOf(get(url)) }
}

async function failureOf(call: Promise<unknown>): Promise<EgressError> {
  const error: unknown = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  if (error instanceof EgressError) return error
  throw error
}

describe('of the spellings of a private address,', () => {
  test.each(hostile)('%j is refused before anything is sent', async (spelling) => {
    const canary = await startCanary()
    const error = await egress().failure(spelling.replace('{port}', String(canary.port)))
    expect(error).toMatchObject({ reason: 'refused', sent: false })
    expect(canary.connections()).toBe(0)
  })

  test('some reach the canary without the guard, which shows that the canary works', async () => {
    const canary = await startCanary()
    for (const spelling of ['http://127.1', 'http://0x7f000001', 'http://１２７。1', 'http://0']) {
      const { body } = await request(`${spelling}:${canary.port}/`)
      await body.dump()
    }
    expect(canary.requests).toHaveLength(4)
  })
})

test('of many addresses of a host only the first ones are tried', async () => {
  const canary = await startServer()
  const closed = Array.from({ length: limits.egress.addresses }, (_, at) => `127.0.0.${at + 2}`)
  const few = egress({ allow: ['127.0.0.0/8'], answers: [[...closed.slice(1), '127.0.0.1']] })
  const many = egress({ allow: ['127.0.0.0/8'], answers: [[...closed, '127.0.0.1']] })
  const url = `http://a.example:${canary.port}/`
  expect(await few.get(url)).toMatchObject({ status: 200 })
  expect((await many.failure(url)).reason).toBe('unreachable')
  expect(canary.connections()).toBe(1)
})

test('the agent refuses an address in a URL, although no name is looked up', async () => {
  const canary = await startCanary()
  const agent = createGuardedAgent({
    allow: parseHostAllowList([]),
    resolve: createNameResolver().of('w'),
    signal: new AbortController().signal,
    maxBytes: 1_000,
    onConnected: () => {},
  })
  onTestFinished(() => agent.destroy())
  for (const host of hasIpv6 ? ['127.0.0.1', '[::1]'] : ['127.0.0.1']) {
    const call = request(`http://${host}:${canary.port}/`, { dispatcher: agent })
    await expect(call).rejects.toMatchObject({ reason: 'refused' })
  }
  expect(canary.connections()).toBe(0)
})

describe('a name is refused', () => {
  test.each([
    ['when one of its addresses is private', ['8.8.8.8', '127.0.0.1']],
    [
      'when the last of many addresses is private',
      ['8.8.8.8', '2606:4700::1', '1.1.1.1', '10.0.0.1'],
    ],
    ['for a mapped address', ['::ffff:7f00:1']],
    ['for an address behind NAT64', ['64:ff9b::7f00:1']],
    ['for an address in 6to4', ['2002:7f00:1::']],
    ['for the metadata service', ['169.254.169.254']],
    ['for an address in another spelling', ['0x7f.1']],
    ['for something that is no address', ['localhost']],
  ])('%s', async (_, addresses) => {
    const canary = await startCanary()
    const { failure } = egress({ answers: [addresses] })
    const error = await failure(`http://tools.test:${canary.port}/`)
    expect(error).toMatchObject({ reason: 'refused', sent: false })
    expect(error.message).toBe(
      'the URL leads to tools.test, which is not public, and not allowed by the operator of this server',
    )
    expect(canary.connections()).toBe(0)
  })
})

describe('a name that changes its address', () => {
  test('is resolved once, for the check and the connection', async () => {
    const canary = await startCanary()
    const { get, asked } = egress({
      allow: ['127.0.0.1'],
      answers: [['127.0.0.1'], ['127.0.0.2']],
    })
    await get(`http://tools.test:${canary.port}/`)
    expect(asked).toEqual(['tools.test'])
    expect(canary.requests).toHaveLength(1)
  })

  test('is checked again for the next call and for each redirect', async () => {
    const { port, requests } = await startServer((_, response) => {
      response.writeHead(307, { location: '/again' }).end()
    })
    const rebinding = { allow: ['127.0.0.1'], answers: [['127.0.0.1'], ['127.0.0.2']] }
    const { failure, asked } = egress(rebinding)
    const error = await failure(`http://tools.test:${port}/`)
    expect(error).toMatchObject({ reason: 'refused', sent: true })
    expect(asked).toEqual(['tools.test', 'tools.test'])
    expect(requests.map(({ url }) => url)).toEqual(['/'])
    expect(await failure(`http://tools.test:${port}/`)).toMatchObject({ sent: false })
  })
})

describe('a host that the operator allows', () => {
  test('is reached by name, with any address', async () => {
    const { port, requests } = await startServer()
    const { get, failure } = egress({ allow: ['tools.internal', '*.corp.example'] })
    expect(await get(`http://tools.internal:${port}/a`)).toMatchObject({ status: 200 })
    expect(await get(`http://x.corp.example:${port}/b`)).toMatchObject({ status: 200 })
    expect(await failure(`http://other.internal:${port}/c`)).toMatchObject({ reason: 'refused' })
    expect(await failure(`http://127.0.0.1:${port}/d`)).toMatchObject({ reason: 'refused' })
    expect(requests.map(({ url }) => url)).toEqual(['/a', '/b'])
  })

  test('is reached by address, under any name and without one', async () => {
    const { port, requests } = await startServer()
    const { get, failure } = egress({ allow: ['127.0.0.0/30'] })
    await get(`http://127.0.0.1:${port}/`)
    await get(`http://tools.test:${port}/`)
    expect(await failure(`http://127.0.0.4:${port}/`)).toMatchObject({ reason: 'refused' })
    expect(requests).toHaveLength(2)
  })

  test.runIf(hasIpv6)('is reached by IPv6', async () => {
    const { url, port, requests } = await startServer(undefined, '::1')
    const { get, failure } = egress({ allow: ['::1'], answers: [['::1']] })
    await get(url)
    await get(`http://tools.test:${port}/`)
    expect(requests).toHaveLength(2)
    expect(await egress({ answers: [['::1']] }).failure(url)).toMatchObject({ reason: 'refused' })
    expect(await failure(`http://[::2]:${port}/`)).toMatchObject({ reason: 'refused' })
  })
})

test('the server receives the requested name in Host', async () => {
  const { port, requests } = await startServer()
  await egress({ allow: ['tools.test'] }).get(`http://tools.test:${port}/`)
  expect(requests[0]?.headers.host).toBe(`tools.test:${port}`)
})

test('the server receives the requested name when TLS begins', async () => {
  const hello = Promise.withResolvers<Buffer>()
  const server = createServer((socket) => {
    socket.once('data', (bytes) => {
      hello.resolve(bytes)
      socket.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const error = await egress({ allow: ['tools.test'] }).failure(`https://tools.test:${port}/`)
  expect(error).toMatchObject({ reason: 'unreachable', sent: false })
  expect((await hello.promise).includes('tools.test')).toBe(true)
})

describe('a host is unreachable, and nothing was sent,', () => {
  test('when no process listens', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const error = await egress({ allow: ['tools.test'] }).failure(`http://tools.test:${port}/`)
    expect(error).toMatchObject({ reason: 'unreachable', sent: false })
    expect(error.message).toBe(`tools.test:${port} cannot be reached: it refused the connection`)
  })

  test('when its name has no address', async () => {
    const error = await egress({ answers: [[]] }).failure('http://tools.test/')
    expect(error).toMatchObject({ reason: 'unreachable', sent: false })
    expect(error.message).toBe('the host tools.test has no address')
  })

  test('when its name cannot be resolved', async () => {
    const { fetch } = createEgress({
      allow: parseHostAllowList([]),
      resolve: () => Promise.reject(new Error('queryA ESERVFAIL 10.0.0.2')),
    })
    const options = { signal: new AbortController().signal, timeoutMs: 5_000, maxBytes: 1 }
    const error = await failureOf(fetch({ url: 'http://tools.test/', ...options }))
    expect(error).toMatchObject({ reason: 'unreachable', sent: false })
    expect(error.message).not.toContain('10.0.0.2')
  })
})

test('proxies of the environment are not used', async () => {
  const proxy = await startServer()
  const { port, requests } = await startServer()
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) vi.stubEnv(name, proxy.url)
  onTestFinished(() => void vi.unstubAllEnvs())
  await egress({ allow: ['tools.test'] }).get(`http://tools.test:${port}/`)
  expect([requests.length, proxy.connections()]).toEqual([1, 0])
})
