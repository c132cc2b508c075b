import { clusterTest, strangersKey, testOperatorKey } from '@longhaul/testbed'
import { describe, expect, test } from 'vitest'
import { keyOfAcme, serve } from '../http/test-server.fixture.ts'
import type { Route } from '../route.ts'

type Headers = Record<string, string>

/** A browser with a page of this server. */
function browser(url: string) {
  const own = { 'sec-fetch-site': 'same-origin', origin: url }
  const ask = (method: string, path: string, { body, ...headers }: Headers = {}) =>
    fetch(url + path, {
      method,
      headers: { ...own, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body }),
    })
  const signIn = async (body: object) => {
    const response = await ask('POST', '/dashboard/session', { body: JSON.stringify(body) })
    const [cookie = ''] = response.headers.get('set-cookie')?.split(';') ?? []
    return { response, cookie, session: (await response.json()) as Record<string, unknown> }
  }
  return { ask, signIn }
}

describe('a browser that signs in with an API key', () => {
  clusterTest('gets a cookie that only the server reads, for half a day', async ({ cluster }) => {
    const { response, cookie, session } = await browser(cluster.url).signIn({ key: cluster.key })
    expect(response.status).toBe(200)
    expect(session).toMatchObject({
      type: 'key',
      workspace: cluster.workspace,
      scopes: ['workspace', 'watch'],
    })
    const header = response.headers.get('set-cookie') ?? ''
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=43200']) {
      expect(header).toContain(part)
    }
    expect(decodeURIComponent(cookie)).not.toContain(cluster.key)
  })

  clusterTest('calls the API of its workspace, and no other', async ({ cluster }) => {
    const { ask, signIn } = browser(cluster.url)
    const own = await signIn({ key: cluster.key })
    const stranger = await signIn({ key: strangersKey })
    await cluster.call('POST', '/v2/agents/none/responses', {})
    const caller = await ask('GET', '/v2/caller', { cookie: own.cookie })
    expect(await caller.json()).toMatchObject({ workspace: cluster.workspace })
    const other = await ask('GET', '/v2/caller', { cookie: stranger.cookie })
    expect(await other.json()).toMatchObject({ workspace: 'strangers' })
    expect((await ask('GET', '/v2/admin', { cookie: own.cookie })).status).toBe(401)
  })

  clusterTest('is signed in until it signs out', async ({ cluster }) => {
    const { ask, signIn } = browser(cluster.url)
    expect((await ask('GET', '/dashboard/session')).status).toBe(401)
    const { cookie } = await signIn({ key: cluster.key })
    expect((await ask('GET', '/dashboard/session', { cookie })).status).toBe(200)
    const out = await ask('DELETE', '/dashboard/session', { cookie })
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toMatch(/longhaul_session=;.*Expires=Thu, 01 Jan 1970/)
  })
})

clusterTest('the operator key starts a session for the operator alone', async ({ cluster }) => {
  const { ask, signIn } = browser(cluster.url)
  const { cookie, session } = await signIn({ key: testOperatorKey })
  expect(session).toMatchObject({ type: 'operator', scopes: ['operator'] })
  expect((await ask('GET', '/v2/admin', { cookie })).status).toBe(200)
  expect((await ask('GET', '/v2/responses', { cookie })).status).toBe(401)
})

clusterTest.for([
  ['another site', 'GET', { 'sec-fetch-site': 'cross-site' }],
  ['another host of the site', 'GET', { 'sec-fetch-site': 'same-site' }],
  ['a link of the address bar that would change something', 'POST', { 'sec-fetch-site': 'none' }],
] as const)('a page of %s cannot use the session', async ([, method, from], { cluster }) => {
  const { ask, signIn } = browser(cluster.url)
  const { cookie } = await signIn({ key: cluster.key })
  const path = method === 'GET' ? '/v2/caller' : '/v2/sign-in-links'
  expect((await ask(method, path, { cookie })).ok).toBe(true)
  expect((await ask(method, path, { cookie, ...from })).status).toBe(401)
  const body = JSON.stringify({ key: cluster.key })
  expect((await ask('POST', '/dashboard/session', { body, ...from })).status).toBe(401)
})

clusterTest('without Sec-Fetch-Site, a change needs the own origin', async ({ cluster }) => {
  const { cookie } = await browser(cluster.url).signIn({ key: cluster.key })
  const post = (headers: Headers) =>
    fetch(`${cluster.url}/v2/sign-in-links`, { method: 'POST', headers: { cookie, ...headers } })
  expect((await post({ origin: cluster.url })).status).toBe(201)
  expect((await post({})).status).toBe(401)
  expect((await post({ origin: 'http://evil.example' })).status).toBe(401)
})

clusterTest('a sign-in link works once', async ({ cluster }) => {
  const { signIn } = browser(cluster.url)
  const { status, body } = await cluster.call('POST', '/v2/sign-in-links')
  expect(status).toBe(201)
  const [path, link] = String(body['url']).split('#')
  expect(path).toBe('/dashboard/sign-in')
  expect((await signIn({ link })).session).toMatchObject({ workspace: cluster.workspace })
  expect((await signIn({ link })).response.status).toBe(401)
  expect((await signIn({ link: `${link}x` })).response.status).toBe(401)
})

clusterTest('an address may try a few wrong keys only', async ({ cluster, onTestFinished }) => {
  const api = await cluster.startApi()
  onTestFinished(() => api.kill())
  const { signIn } = browser(api.url)
  const tried = async () => (await signIn({ key: `lh_${'0'.repeat(16)}_wrong` })).response.status
  expect(await tried()).toBe(401)
  for (let tries = 0; tries < 40; tries += 1) await tried()
  expect(await tried()).toBe(429)
})

clusterTest('a body that is no key is refused', async ({ cluster }) => {
  const { ask } = browser(cluster.url)
  const post = async (body: string) => (await ask('POST', '/dashboard/session', { body })).status
  expect(await post('{}')).toBe(400)
  expect(await post(JSON.stringify({ key: 'x'.repeat(5_000) }))).toBe(413)
})

test('a session ends when its key is revoked', async () => {
  let isKnown = true
  const item: Route = {
    method: 'get',
    path: '/v2/item',
    doc: { operationId: 'item', tag: 'Health', summary: 'For a test', replies: {} },
    handle: () => Promise.resolve({ status: 200, body: {} }),
  }
  const { url } = await serve([item], {
    authenticate: (key) =>
      Promise.resolve(
        isKnown && key === keyOfAcme ? { workspace: 'acme', keyId: 'acme01234567' } : undefined,
      ),
  })
  const { ask, signIn } = browser(url)
  const { cookie } = await signIn({ key: keyOfAcme })
  expect((await ask('GET', '/v2/item', { cookie })).status).toBe(200)
  isKnown = false
  expect((await ask('GET', '/v2/item', { cookie })).status).toBe(401)
  expect((await ask('GET', '/dashboard/session', { cookie })).status).toBe(401)
})
