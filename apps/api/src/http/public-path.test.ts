import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { publicPath } from './public-path.ts'
import type { Route } from '../route.ts'
import { routes } from '../routes/index.ts'
import { doc, serve, withKey } from './test-server.fixture.ts'

const where: Route = {
  method: 'get',
  path: '/v2/where',
  doc,
  handle: ({ request }) =>
    Promise.resolve({ status: 200, body: { path: publicPath('/v2/x', request) } }),
}

test.for([
  ['loopback', '/base', '/base/v2/x'],
  ['loopback', '/base/', '/base/v2/x'],
  ['loopback', '/a/b-c/~d_e.f', '/a/b-c/~d_e.f/v2/x'],
  [1, '/base', '/base/v2/x'],
  [false, '/base', '/v2/x'],
  ['10.0.0.0/8', '/base', '/v2/x'],
  ...[
    '',
    '/',
    'base',
    '//evil.example',
    '/a//b',
    '/a/../b',
    '/..',
    '/.',
    '/a?b=c',
    '/a#b',
    '/a b',
    '/a%2fb',
    '/a\\b',
    '/a, /b',
    '/a:b@c',
    'https://evil.example',
    `/${'a'.repeat(256)}`,
  ].map((prefix) => ['loopback', prefix, '/v2/x'] as const),
] as const)(
  'with TRUST_PROXY=%j and the prefix "%s" a path is %s',
  async ([given, prefix, path]) => {
    const trustProxy = typeof given === 'string' ? [given] : given
    const { url } = await serve([where], { trustProxy })
    const headers = { ...withKey, 'x-forwarded-prefix': prefix }
    expect(await (await fetch(`${url}/v2/where`, { headers })).json()).toEqual({ path })
  },
)

test.each(['/docs', '/docs/'])(
  'behind a proxy that removes a prefix, %s finds all files that it loads',
  async (page) => {
    const { url } = await serve(routes)
    const outside = await behindPrefix('/base', url)
    const html = await (await fetch(`${outside}/base${page}`)).text()
    const links = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link = '']) => link)
    expect(links).toHaveLength(4)
    const found = links.map((link) => new URL(link, `${outside}/base${page}`))
    for (const link of found)
      expect([link.href, (await fetch(link)).status]).toEqual([link.href, 200])
    const start = found.at(-1)
    const [, document = ''] = /new URL\('([^']*)'/.exec(await (await fetch(start!)).text()) ?? []
    const openapi = new URL(document, start)
    expect(openapi.pathname).toBe('/base/openapi.json')
    const { servers } = (await (await fetch(openapi)).json()) as { servers: { url: string }[] }
    expect(servers.map((server) => new URL(server.url, openapi).pathname)).toEqual(['/base/'])
  },
)

/** Starts a proxy that serves another server under a prefix. Returns its address. */
async function behindPrefix(prefix: string, url: string): Promise<string> {
  const proxy = createServer((incoming, outgoing) => {
    const path = incoming.url ?? ''
    if (!path.startsWith(`${prefix}/`)) {
      outgoing.writeHead(404).end()
      return
    }
    const asked = httpRequest(url + path.slice(prefix.length), (reply) => {
      outgoing.writeHead(reply.statusCode ?? 0, reply.headers)
      reply.pipe(outgoing)
    })
    asked.end()
  })
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => void proxy.close())
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}
