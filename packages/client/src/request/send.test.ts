import { type ServedReply, startScriptedServer, test as base } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { ApiError, ConnectionError, createClient } from '../index.ts'

const test = base.extend('server', async ({}, { onCleanup }) => {
  const server = await startScriptedServer()
  onCleanup(() => server.close())
  return {
    ...server,
    /** Answers the first requests with these replies, and the others with success. */
    script: (...replies: ServedReply[]) => server.reply(() => replies.shift() ?? fine),
    client: createClient({ url: server.url, key: 'k' }),
  }
})

const fine = { body: { object: 'list', data: [], has_more: false, task_id: 'T' } }
const limited = {
  status: 429,
  headers: { 'retry-after-ms': '1' },
  body: refusal('rate_limited', { violated_policies: ['requests'] }),
}
const away = { status: 503, headers: { 'retry-after-ms': '1' }, body: refusal('unavailable') }

describe('a request is repeated', () => {
  test('when a limit refused it, after the pause of the reply', async ({ server }) => {
    server.script(limited, limited)
    await server.client.agents.create({} as never)
    expect(server.requests).toHaveLength(3)
  })

  test('when the store was away, if a repeat is safe', async ({ server }) => {
    server.script(away, { fault: 'reset' })
    await server.client.tasks.list()
    expect(server.requests).toHaveLength(3)
    server.script(away)
    await expect(server.client.agents.create({} as never)).rejects.toMatchObject({
      status: 503,
      code: 'unavailable',
    })
    expect(server.requests).toHaveLength(4)
  })

  test('with the same idempotency key, if it submits a turn', async ({ server }) => {
    server.script({ fault: 'reset' }, away, limited)
    await server.client.tasks.submit('demo', 'Hello')
    const keys = server.requests.map(({ headers }) => headers['idempotency-key'])
    expect(keys).toEqual(Array(4).fill(expect.stringMatching(/^[0-9a-f]{32}$/)))
    expect(new Set(keys).size).toBe(1)
    await server.client.tasks.submit('demo', 'Hello')
    expect(server.requests[4]?.headers['idempotency-key']).not.toBe(keys[0])
  })

  test('a few times only', async ({ server }) => {
    server.reply(() => away)
    await expect(server.client.tasks.list()).rejects.toBeInstanceOf(ApiError)
    expect(server.requests).toHaveLength(4)
  })
})

describe('a request is not repeated', () => {
  test.for([
    ['when a field is wrong', { status: 400, body: refusal('invalid') }],
    ['when its turn failed', { status: 502, body: refusal('provider_failed') }],
    ['when the provider refused', { status: 429, body: refusal('provider_failed') }],
    ['when the pause would be too long', { ...limited, headers: { 'retry-after': '3600' } }],
  ] as const)('%s', async ([, reply], { server }) => {
    server.reply(() => reply)
    await expect(server.client.tasks.submit('demo', 'Hello')).rejects.toBeInstanceOf(ApiError)
    expect(server.requests).toHaveLength(1)
  })
})

describe('an error', () => {
  test('of the API has its code, its fields and its request id', async ({ server }) => {
    const errors = [{ path: 'limit', message: 'must be a number' }]
    server.reply(() => ({ status: 400, body: refusal('invalid', { errors, request_id: 'r1' }) }))
    const error = await server.client.tasks.list().catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status: 400, code: 'invalid', fields: errors, requestId: 'r1' })
  })

  test('of a proxy has the code unknown', async ({ server }) => {
    server.reply(() => ({ status: 404, body: '<html>' }))
    await expect(server.client.tasks.list()).rejects.toMatchObject({ status: 404, code: 'unknown' })
  })

  test('without a reply names the server', async ({ server }) => {
    await server.close()
    const client = createClient({ url: server.url, retries: 0 })
    const error = await client.tasks.list().catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(String(error)).toContain(`${server.url} cannot be reached (ECONNREFUSED)`)
  })

  test('comes when a server does not reply in time', async ({ server }) => {
    server.reply(() => ({ fault: 'hang' }))
    const client = createClient({ url: server.url, retries: 0, timeoutMs: 20 })
    await expect(client.tasks.list()).rejects.toThrow('did not reply in time')
  })

  test('is the reason of the signal, if the caller gives up', async ({ server }) => {
    server.reply(() => ({ fault: 'hang' }))
    const giving = new AbortController()
    const listed = server.client.tasks.list({}, { signal: giving.signal })
    giving.abort(new Error('no more'))
    await expect(listed).rejects.toThrow('no more')
  })
})

describe('a request has', () => {
  test('the operator key under /v2/admin, and the other key elsewhere', async ({ server }) => {
    const client = createClient({ url: `${server.url}/`, key: 'mine', operatorKey: 'all' })
    await client.admin.overview()
    await client.tasks.list()
    expect(server.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/v2/admin', 'Bearer all'],
      ['/v2/responses', 'Bearer mine'],
    ])
  })

  test('cookies of its page and further headers in place of a key', async ({ server }) => {
    const seen: unknown[] = []
    const client = createClient({
      url: server.url,
      headers: () => ({ 'x-csrf': 'c1' }),
      fetch: (url, init) => {
        seen.push(init?.credentials)
        return fetch(url, init)
      },
    })
    await client.tasks.list()
    expect(seen).toEqual(['same-origin'])
    expect(server.requests[0]?.headers).toMatchObject({ 'x-csrf': 'c1' })
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
  })

  test('encoded names and values in its path and its query', async ({ server }) => {
    await server.client.agents.get('a/b?c')
    await server.client.tasks.list({ 'metadata.a b': '&', limit: 5 })
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/v2/agents/a%2Fb%3Fc',
      '/v2/responses?metadata.a+b=%26&limit=5',
    ])
    await expect(server.client.agents.get('')).rejects.toThrow('needs a value for agent_key')
  })
})

function refusal(code: string, more: object = {}) {
  return { code: '0', message: `It is ${code}.`, errors: [], error: { code }, ...more }
}
