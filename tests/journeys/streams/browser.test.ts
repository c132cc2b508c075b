import { startCluster, test as base } from '@longhaul/testbed'
import OpenAI from 'openai'
import { describe, expect } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { script, user } from '../../support/orq-requests.ts'
import { begin, eventsOf, streamed, watch } from '../../support/event-streams.ts'

const page = 'https://app.example.com'

const test = base
  .extend('cluster', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
    const origins = `${page},http://localhost:5173`
    const env = { LONGHAUL_CORS_ORIGINS: origins }
    const cluster = await startCluster({ redisUrl, env })
    onCleanup(() => cluster.kill())
    return cluster
  })
  .extend('path', { scope: 'file' }, async ({ cluster }) => {
    const { key } = newAgent()
    await cluster.call('POST', '/v2/agents', { ...newAgent(), key })
    return `/v2/agents/${key}/responses`
  })
  .extend('tokenOf', ({ cluster, path }) => async (task: string, body?: object) => {
    const reply = await cluster.call('POST', `${path}/${task}/watch-token`, body)
    expect(reply.status).toBe(201)
    return reply.body as { token: string; expires_at: string; url: string }
  })
  /** Sends a request like a page without a key. */
  .extend('visit', ({ cluster }) => async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(cluster.url + path, { headers })
    const { status, headers: said } = response
    if (said.get('content-type')?.startsWith('text/event-stream') !== true) {
      return { status, headers: said, text: await response.text() }
    }
    return { status, headers: said, ...(await eventsOf(response)) }
  })

describe('a watch token', () => {
  test('opens the events of its task, and resumes them', async ({
    cluster,
    path,
    tokenOf,
    visit,
  }) => {
    const { events } = await streamed(cluster, path, user('hello'))
    const task = String(events[0]?.data['taskId'])
    const { url, token, expires_at: expiry } = await tokenOf(task)
    expect(url).toBe(`${path}/${task}/events?token=${token}`)
    expect(Date.parse(expiry) - Date.now()).toBeGreaterThan(590_000)
    expect(await visit(url)).toMatchObject({ status: 200, events, done: true })
    const rest = await visit(url, { 'last-event-id': String(events[1]?.id) })
    expect(rest).toMatchObject({ events: events.slice(2) })
    const ofResponse = url.replace(task, `resp_${task}0001`)
    expect(await visit(ofResponse)).toMatchObject({ events })
    const { body } = await cluster.call('POST', `${path}/resp_${task}0001/watch-token`)
    expect(await visit(String(body['url']))).toMatchObject({ events })
  })

  test('opens nothing else', async ({ cluster, path, tokenOf, visit }) => {
    const task = await begin(cluster, path, user('mine'))
    const other = await begin(cluster, path, user('another'))
    const { token } = await tokenOf(task)
    const query = `?token=${token}`
    for (const closed of [
      `${path}/${task}${query}`,
      `${path}/${task}/log${query}`,
      `${path}${query}`,
      `/v2/agents${query}`,
    ]) {
      expect([closed, (await visit(closed)).status]).toEqual([closed, 401])
    }
    const cancel = await fetch(`${cluster.url}${path}/${task}/cancel${query}`, { method: 'POST' })
    expect(cancel.status).toBe(401)

    const unknown = await visit(`${path}/01JD0000000000000000000000/events${query}`)
    expect(unknown.status).toBe(404)
    const foreign = await visit(`${path}/${other}/events${query}`)
    const strangeAgent = await visit(`/v2/agents/nobody/responses/${task}/events${query}`)
    for (const [reply, id] of [
      [foreign, other],
      [strangeAgent, task],
    ] as const) {
      expect(bodyOf(reply, id)).toEqual(bodyOf(unknown, '01JD0000000000000000000000'))
    }
  })

  test('is valid until it expires, and a forged one is refused', async ({
    cluster,
    path,
    tokenOf,
    visit,
  }) => {
    const task = await begin(cluster, path, script({ delay: 2_000, text: 'Late.' }))
    const { url, token } = await tokenOf(task, { expires_in: 1 })
    const open = visit(url)
    await expect.poll(async () => (await visit(url)).status).toBe(401)
    // An open stream stays open.
    expect(await open).toMatchObject({ status: 200, done: true })
    for (const wrong of ['', 'x', token.replace(/.$/, '?'), `lhw_${'0'.repeat(64)}`, cluster.key]) {
      const { status, text } = await visit(`${path}/${task}/events?token=${wrong}`)
      expect([wrong, status, text?.includes(wrong || '-')]).toEqual([wrong, 401, wrong === ''])
    }
    expect(cluster.api.log.join('')).not.toContain(token)
  })

  test('is made only with a key that may read the task, for an allowed time', async ({
    cluster,
    path,
  }) => {
    const task = await begin(cluster, path, user('hello'))
    const strange = await fetch(`${cluster.url}${path}/${task}/watch-token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${cluster.strangersKey}` },
    })
    expect(strange.status).toBe(404)
    for (const expires_in of [0, 3_601, 1.5, '60']) {
      const { status, body } = await cluster.call('POST', `${path}/${task}/watch-token`, {
        expires_in,
      })
      expect([status, body['errors']]).toMatchObject([400, [{ path: 'expires_in' }]])
    }
    // A key in the header takes precedence.
    const { body } = await cluster.call('POST', `${path}/${task}/watch-token`)
    const both = { url: cluster.url, path: String(body['url']) }
    expect((await watch({ key: 'no-key-of-anybody' }, both)).status).toBe(401)
  })
})

const namesThatSdksRead = [
  'x-request-id',
  'x-should-retry',
  'retry-after',
  'retry-after-ms',
  'x-ratelimit-remaining-requests',
]

describe('a page of an allowed origin', () => {
  test('reads replies, errors, streams and replies without a body', async ({
    cluster,
    path,
    tokenOf,
    visit,
  }) => {
    const { events } = await streamed(cluster, path, user('hello'))
    const task = String(events[0]?.data['taskId'])
    const { url } = await tokenOf(task)
    const auth = { authorization: `Bearer ${cluster.key}` }
    const last = { 'last-event-id': String(events.at(-1)?.id) }
    const cases: [string, Record<string, string>, number][] = [
      [url, {}, 200],
      [url, last, 204],
      [`${path}/${task}`, auth, 200],
      [`${path}/${task}`, {}, 401],
      [`${path}/01JD0000000000000000000000`, auth, 404],
    ]
    for (const [asked, headers, status] of cases) {
      const reply = await visit(asked, { ...headers, origin: page })
      expect([asked, reply.status]).toEqual([asked, status])
      expect(reply.headers.get('access-control-allow-origin')).toBe(page)
      expect(reply.headers.get('vary')).toBe('Origin')
      const exposed = reply.headers.get('access-control-expose-headers')?.toLowerCase().split(',')
      expect(exposed).toEqual(expect.arrayContaining(namesThatSdksRead))
      expect(reply.headers.get('access-control-allow-credentials')).toBeNull()
      expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('gets an answer to a preflight, without a key', async ({ cluster, path }) => {
    const requested = 'authorization,content-type,last-event-id,x-stainless-lang,x-stainless-os'
    const preflight = (origin: string, asked = path) =>
      fetch(cluster.url + asked, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': requested,
        },
      })
    const { status, headers } = await preflight(page)
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, page])
    expect(headers.get('access-control-allow-methods')).toBe('GET,POST,PATCH,DELETE')
    // The headers that the page asks for, whatever its SDK adds. A cache must not give them to another page.
    expect(headers.get('access-control-allow-headers')).toBe(requested)
    expect(headers.get('vary')).toBe('Origin, Access-Control-Request-Headers')
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)

    const strange = await preflight('https://evil.example.com')
    expect(strange.headers.get('access-control-allow-origin')).toBeNull()
    // Admin routes are not for browsers.
    for (const closed of ['/v2/admin', '/v2/admin/tasks', '/healthz']) {
      const { headers: said } = await preflight(page, closed)
      expect([closed, said.get('access-control-allow-origin')]).toEqual([closed, null])
    }
  })
})

test('the openai SDK runs in a page of an allowed origin, with all the headers that it sends', async ({
  cluster,
  path,
}) => {
  const openai = new OpenAI({
    baseURL: `${cluster.url}/v1`,
    apiKey: cluster.key,
    dangerouslyAllowBrowser: true,
    fetch: fetchOfPage,
  })
  const model = path.replace(/.*agents\/(.*)\/responses/, 'agent/$1')
  expect((await openai.responses.create({ model, input: 'Hi' })).status).toBe('completed')
  const refused = openai.responses.create({ model: 'agent/nobody', input: 'Hi' })
  await expect(refused).rejects.toMatchObject({
    status: 404,
    requestID: expect.stringMatching(/./) as string,
  })
})

test('without allowed origins no reply has CORS headers', async ({ redisUrl }) => {
  const cluster = await startCluster({ redisUrl, workers: 0 })
  try {
    for (const method of ['GET', 'OPTIONS']) {
      const { headers } = await fetch(`${cluster.url}/v2/agents`, {
        method,
        headers: { origin: page, authorization: `Bearer ${cluster.key}` },
      })
      const names = [...headers.keys()].filter((name) => name.startsWith('access-control-'))
      expect([method, names]).toEqual([method, []])
    }
  } finally {
    await cluster.stop()
  }
})

function bodyOf({ text = '' }: { text?: string }, id: string): string {
  return text.replaceAll(id, '<id>').replace(/"request_id":"[^"]+"/, '')
}

/** Fetches as a browser does for a page: with a preflight, and without the headers that are not exposed. */
const fetchOfPage: typeof fetch = async (url, init) => {
  const headers = new Headers(init?.headers)
  const method = init?.method ?? 'GET'
  const asked = [...headers.keys()].filter((name) => name !== 'accept').toSorted()
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin: page,
      'access-control-request-method': method,
      'access-control-request-headers': asked.join(','),
    },
  })
  const allowed = new Set([
    ...listed('allow-origin', preflight),
    ...listed('allow-methods', preflight),
    ...listed('allow-headers', preflight),
  ])
  for (const needed of [page, method.toLowerCase(), ...asked])
    if (!allowed.has(needed)) throw new TypeError(`blocked: ${needed} is not allowed`)
  headers.set('origin', page)
  const reply = await fetch(url, { ...init, headers })
  const exposed = new Set([...listed('expose-headers', reply), 'content-type', 'content-length'])
  const readable = [...reply.headers].filter(([name]) => exposed.has(name))
  return new Response(reply.body, { status: reply.status, headers: readable })
}

function listed(name: string, { headers }: Response): string[] {
  return (headers.get(`access-control-${name}`) ?? '').toLowerCase().split(/ *, */)
}
