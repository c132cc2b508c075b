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

/** Spellings of this machine, or of another private address; `{port}` is that of the canary. */
const hostile = [
  'http://127.0.0.1:{port}/',
  'http://127.1:{port}/',
  'http://127.0.1:{port}/',
  'http://127.000.000.001:{port}/',
  'http://127.255.255.254:{port}/',
  'http://127.0.0.1.:{port}/',
  'http://2130706433:{port}/',
  'http://2130706433.:{port}/',
  'http://0x7f000001:{port}/',
  'http://0x7F.0x0.0x0.0x1:{port}/',
  'http://0x7f.1:{port}/',
  'http://0177.0.0.1:{port}/',
  'http://017700000001:{port}/',
  'http://00000000177.1:{port}/',
  'http://0177.0x0.0.1:{port}/',
  'http://127.0x1:{port}/',
  'http://0:{port}/',
  'http://0.0.0.0:{port}/',
  'http://0x0:{port}/',
  'http://00:{port}/',
  'http://127.0.0.%31:{port}/',
  'http://%31%32%37.0.0.1:{port}/',
  'http://127%2e0%2e0%2e1:{port}/',
  'http://１２７.0.0.1:{port}/',
  'http://１２７．０．０．１:{port}/',
  'http://127。0。0。1:{port}/',
  'http://①②⑦.⓪.⓪.①:{port}/',
  'http://127.0.0.1\u00AD:{port}/',
  'http://127.0.0\u200B.1:{port}/',
  'http://[::1]:{port}/',
  'http://[0:0:0:0:0:0:0:1]:{port}/',
  'http://[0000::0001]:{port}/',
  'http://[::]:{port}/',
  'http://[::127.0.0.1]:{port}/',
  'http://[::7f00:1]:{port}/',
  'http://[::ffff:127.0.0.1]:{port}/',
  'http://[::ffff:7f00:1]:{port}/',
  'http://[::FFFF:7F00:0001]:{port}/',
  'http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/',
  'http://[::ffff:0:127.0.0.1]:{port}/',
  'http://[::ffff:0.0.0.0]:{port}/',
  'http://[64:ff9b::127.0.0.1]:{port}/',
  'http://[64:ff9b:1::7f00:1]:{port}/',
  'http://[2002:7f00:1::1]:{port}/',
  'http://[2001:0:7f00:1::1]:{port}/',
  'http://[fe80::1]:{port}/',
  'http://[fe80::1%25lo]:{port}/',
  'http://[fec0::1]:{port}/',
  'http://[fd00:ec2::254]:{port}/',
  'http://[ff02::1]:{port}/',
  'http://localhost:{port}/',
  'http://LOCALHOST:{port}/',
  'http://localhost.:{port}/',
  'http://a.localhost:{port}/',
  'http://ｌｏｃａｌｈｏｓｔ:{port}/',
  'http://loc%61lhost:{port}/',
  'http://ⓛocalhost:{port}/',
  'http://localhost.localdomain:{port}/',
  'http://ip6-localhost:{port}/',
  'http://public.test:{port}/',
  'http://public.test.:{port}/',
  'http://127.0.0.1.nip.test:{port}/',
  'http://xn--public-9za.test:{port}/',
  'http://a_b.test:{port}/',
  'http:127.0.0.1:{port}/',
  'http:/127.0.0.1:{port}/',
  'http:\\\\127.0.0.1:{port}/',
  'http:////127.0.0.1:{port}/',
  ' http://127.0.0.1:{port}/ ',
  'ht\ntp://127.0\t.0.1:{port}/',
  'HTTP://127.0.0.1:{port}/',
  'http://8.8.8.8@127.0.0.1:{port}/',
  'http://8.8.8.8:80@127.0.0.1:{port}/',
  'http://127.0.0.1:{port}\\@8.8.8.8/',
  'http://127.0.0.1:{port}#@8.8.8.8/',
  'http://127.0.0.1:{port}?@8.8.8.8/',
  'http://user:password@public.test:{port}/',
  'https://127.0.0.1:{port}/',
  'ws://127.0.0.1:{port}/',
  'ftp://127.0.0.1:{port}/',
  'gopher://127.0.0.1:{port}/_GET%20/',
  'blob:http://127.0.0.1:{port}/',
  '//127.0.0.1:{port}/',
  '127.0.0.1:{port}',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.0.1/',
  'http://100.64.0.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/latest/meta-data/',
  'http://0xA9FEA9FE/latest/meta-data/',
  'http://[::ffff:a9fe:a9fe]/latest/meta-data/',
  'http://192.0.0.192/opc/v2/',
  'http://168.63.129.16/machine',
  'http://198.18.0.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
]

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
