import OpenAI from 'openai'
import { describe, expect } from 'vitest'
import { script } from '../../support/orq-requests.ts'
import { newAgent } from '../../support/new-agent.ts'
import { test as base } from '../../support/orq-test.ts'
import { readHead } from '../../support/read-head.ts'

type Body = Record<string, unknown>

const test = base
  .extend('path', ({ agent }) => `/v2/agents/${agent}/responses`)
  .extend('head', ({ cluster }) => async (task: unknown, ...fields: string[]) => {
    return await readHead(cluster.redisUrl, String(task), fields)
  })
  /** Sends a request with headers. */
  .extend('send', ({ cluster }) => async (path: string, body: object, headers: Body = {}) => {
    const response = await fetch(cluster.url + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${cluster.key}`,
        'content-type': 'application/json',
        ...(headers as Record<string, string>),
      },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Body }
  })

const later = { background: true, longhaul: { start_at: 'PT1H' } }
const hello = script({ text: 'Hello.' })

describe('the options of a turn', () => {
  test('are fields of longhaul or headers, and a field takes precedence', async ({
    path,
    send,
    head,
  }) => {
    const headers = {
      'Longhaul-Priority': '5',
      'Longhaul-Fairness-Key': 'customer-1',
      'Longhaul-Start-At': 'PT1H',
      'Longhaul-Expires-In': 'PT5M',
    }
    const { body } = await send(path, { ...hello, background: true }, headers)
    const [priority, key, start, expires] = await head(
      body['task_id'],
      'priority',
      'fairness-key',
      'start-at',
      'expires',
    )
    expect([priority, key, Number(expires) - Number(start)]).toEqual(['5', 'customer-1', 300_000])

    const longhaul = {
      priority: 1,
      fairness_key: 'Zoë',
      start_at: '2001-01-01T00:00:00Z',
      expires_in: null,
    }
    const { body: other } = await send(path, { ...hello, background: true, longhaul }, headers)
    expect(await head(other['task_id'], 'priority', 'fairness-key', 'start-at')).toEqual([
      '1',
      'Zoë',
      null,
    ])
  })

  test('take the fairness key from the caller, in both dialects', async ({
    path,
    send,
    head,
    agent,
  }) => {
    const keyOf = async (at: string, body: object) => {
      const reply = await send(at, { ...later, ...body })
      expect(reply.status).toBe(200)
      const task = reply.body['task_id'] ?? String(reply.body['id']).slice(5, 31)
      return (await head(task, 'fairness-key'))[0]
    }
    expect(await keyOf(path, { ...hello, identity: { id: 'ada' } })).toBe('ada')
    expect(await keyOf(path, { ...hello, contact: { id: 'ada' } })).toBe('ada')
    expect(await keyOf(path, hello)).toBeNull()
    expect(await keyOf(path, { ...hello, identity: { id: 'a'.repeat(100) } })).toMatch(
      /^[0-9a-f]{64}$/,
    )
    const open = { model: `agent/${agent}`, input: 'Hi' }
    expect(await keyOf('/v1/responses', { ...open, user: 'bob' })).toBe('bob')
    expect(await keyOf('/v1/responses', { ...open, user: 'bob', safety_identifier: 's1' })).toBe(
      's1',
    )
    expect(await keyOf('/v1/responses', { ...open, identity: { id: 'ada' } })).toBe('ada')
    const own = { ...later.longhaul, fairness_key: 'own' }
    expect(await keyOf('/v1/responses', { ...open, user: 'bob', longhaul: own })).toBe('own')
  })

  test.for([
    ['priority', 1],
    ['fast', 1],
    ['ultrafast', 1],
    ['default', 3],
    ['scale', 3],
    ['auto', null],
    ['flex', 5],
  ] as const)(
    'include the service tier %s, which the reply repeats',
    async ([tier, priority], { send, head, agent }) => {
      const request = { model: `agent/${agent}`, input: 'Hi', service_tier: tier, ...later }
      const { body } = await send('/v1/responses', request)
      expect(body).toMatchObject({ status: 'queued', service_tier: tier })
      const stored = await head(String(body['id']).slice(5, 31), 'priority')
      expect(stored).toEqual([priority === null ? null : String(priority)])
    },
  )

  test('have defaults in the settings of an agent', async ({ cluster, send, head }) => {
    const longhaul = { priority: 2, fairness_key: 'team-a', expires_in: 'PT10M' }
    const created = await cluster.call('POST', '/v2/agents', {
      ...newAgent(),
      settings: { longhaul },
    })
    expect(created.body['settings']).toMatchObject({
      longhaul: { ...longhaul, expires_in: 'PT600S' },
    })
    const path = `/v2/agents/${String(created.body['key'])}`
    const { body } = await send(`${path}/responses`, { ...hello, ...later })
    expect(await head(body['task_id'], 'priority', 'fairness-key')).toEqual(['2', 'team-a'])
    const own = {
      ...hello,
      ...later,
      longhaul: { start_at: 'PT1H', priority: 4 },
      identity: { id: 'ada' },
    }
    const { body: other } = await send(`${path}/responses`, own)
    expect(await head(other['task_id'], 'priority', 'fairness-key')).toEqual(['4', 'ada'])

    const kept = await cluster.call('PATCH', path, { settings: { max_iterations: 3 } })
    expect(kept.body['settings']).toMatchObject({ longhaul: { priority: 2 } })
    const cleared = await cluster.call('PATCH', path, { settings: { longhaul: {} } })
    expect(cleared.body['settings']).not.toHaveProperty('longhaul')
  })

  test.for([
    [{ priority: 6 }, 'longhaul.priority: must be 1, 2, 3, 4 or 5'],
    [{ priority: '1' }, 'longhaul.priority: must be 1, 2, 3, 4 or 5'],
    [{ fairness_key: '' }, 'longhaul.fairness_key: must have 1 to 64 bytes'],
    [{ fairness_key: 'ü'.repeat(33) }, 'longhaul.fairness_key: must have 1 to 64 bytes'],
    [{ start_at: 'tomorrow' }, 'longhaul.start_at: must be a time with its zone, such as '],
    [{ start_at: '2030-01-31T09:00:00' }, 'longhaul.start_at: must be a time with its zone'],
    [{ start_at: 'P91D' }, 'longhaul.start_at: must be a time with its zone'],
    [{ start_at: '2999-01-01T00:00:00Z' }, 'longhaul.start_at: is more than 90 days ahead'],
    [{ expires_in: 60 }, 'longhaul.expires_in: '],
    [{ expires_in: 'PT0.5S' }, 'longhaul.expires_in: must be a duration from 1 second to 90 days'],
    [{ webhook_url: 'x' }, 'longhaul.webhook_url: is not supported yet. '],
  ] as const)(
    'are refused when they are wrong: %j',
    async ([longhaul, message], { cluster, agent, path, send }) => {
      for (const [at, body] of [
        [path, hello],
        ['/v1/responses', { model: `agent/${agent}`, input: 'Hi' }],
      ] as const) {
        const reply = await send(at, { ...body, longhaul })
        expect([at, reply.status]).toEqual([at, 400])
        expect(reply.body['message']).toContain(message)
      }
      expect((await cluster.call('GET', path)).body['data']).toEqual([])
    },
  )

  test.for([
    ['Longhaul-Priority', 'high'],
    ['Longhaul-Fairness-Key', 'a b'],
    ['Longhaul-Start-At', '10m'],
    ['Longhaul-Expires-In', 'P1Y'],
  ] as const)(
    'are refused in the header %s when it is wrong',
    async ([name, value], { path, send }) => {
      const reply = await send(path, hello, { [name]: value })
      expect(reply.status).toBe(400)
      expect(reply.body['errors']).toMatchObject([{ path: name }])
    },
  )

  test('reach the server from the official SDKs', async ({ cluster, orq, agent, head }) => {
    const headers = { 'Longhaul-Priority': '2', 'Longhaul-Start-At': 'PT1H' }
    const turn = await orq.agents.responses.create({ ...hello, background: true }, agent, {
      headers,
    })
    expect(await head('taskId' in turn ? turn.taskId : '', 'priority')).toEqual(['2'])

    const openai = new OpenAI({ baseURL: `${cluster.url}/v1`, apiKey: cluster.key })
    const request = {
      model: `agent/${agent}`,
      input: 'Hi',
      background: true,
      service_tier: 'flex',
    } as const
    const options = { longhaul: { start_at: 'PT1H', fairness_key: 'ada' } }
    const response = await openai.responses.create({ ...request, ...options })
    expect(response).toMatchObject({ status: 'queued', service_tier: 'flex' })
    expect(await head(response.id.slice(5, 31), 'priority', 'fairness-key')).toEqual(['5', 'ada'])
  })

  test('of a repeat must be the same', async ({ path, send }) => {
    const key = { 'Idempotency-Key': 'k1' }
    const turn = { ...hello, ...later }
    const { body } = await send(path, turn, { ...key, 'Longhaul-Priority': '1' })
    const again = await send(path, turn, { ...key, 'Longhaul-Priority': '1' })
    expect(again.body['task_id']).toBe(body['task_id'])
    expect((await send(path, turn, { ...key, 'Longhaul-Priority': '2' })).status).toBe(422)
  })
})

describe('a turn that starts later', () => {
  test('is accepted at once, is started by POST …/start, and is answered', async ({
    cluster,
    path,
    send,
  }) => {
    const { body } = await send(path, { ...hello, ...later })
    const task = `${path}/${String(body['task_id'])}`
    const { requests } = cluster.model
    const before = requests.length
    expect((await cluster.call('GET', `${task}?wait=1`)).body).toMatchObject({
      status: 'in_progress',
    })
    expect(requests).toHaveLength(before)

    const moved = await cluster.call('POST', `${task}/start`, { start_at: 'PT2H' })
    expect(moved).toMatchObject({ status: 200, body: { status: 'in_progress' } })
    expect(requests).toHaveLength(before)
    expect((await cluster.call('POST', `${task}/start`)).status).toBe(200)
    expect((await cluster.call('GET', `${task}?wait=60`)).body).toMatchObject({
      status: 'completed',
    })
    expect((await cluster.call('POST', `${task}/start`)).body).toMatchObject({
      status: 'completed',
    })
    const ended = await cluster.call('POST', `${task}/start`, { start_at: 'PT1H' })
    expect([ended.status, ended.body['message']]).toEqual([
      409,
      expect.stringContaining('has ended'),
    ])
  })

  test('starts by itself', async ({ cluster, path, send }) => {
    const { body } = await send(path, {
      ...hello,
      background: true,
      longhaul: { start_at: 'PT0.3S' },
    })
    const read = await cluster.call('GET', `${path}/${String(body['task_id'])}?wait=60`)
    expect(read.body).toMatchObject({ status: 'completed' })
  })

  test('is a response of OpenAI, too', async ({ cluster, agent, send }) => {
    const { body } = await send('/v1/responses', { model: `agent/${agent}`, input: 'Hi', ...later })
    const response = `/v1/responses/${String(body['id'])}`
    expect(body).toMatchObject({ status: 'queued' })
    const started = await cluster.call('POST', `${response}/start`, {})
    expect(started.body).toMatchObject({ id: body['id'], object: 'response' })
    expect((await cluster.call('GET', `${response}?wait=60`)).body).toMatchObject({
      status: 'completed',
    })
  })

  test('cannot be moved once it has begun', async ({ cluster, path, send }) => {
    const { body } = await send(path, { ...script({ fault: 'hang' }), background: true })
    const task = `${path}/${String(body['task_id'])}`
    const moved = await cluster.call('POST', `${task}/start`, { start_at: 'PT1H' })
    expect([moved.status, moved.body['message']]).toEqual([
      409,
      expect.stringContaining('does not wait for a start time'),
    ])
    expect((await cluster.call('POST', `${task}/start`)).status).toBe(200)
    const far = await cluster.call('POST', `${task}/start`, { start_at: '2999-01-01T00:00:00Z' })
    expect([far.status, far.body['errors']]).toMatchObject([400, [{ path: 'longhaul.start_at' }]])
    await cluster.call('POST', `${task}/cancel`)
  })

  test('is cancelled and deleted like any other', async ({ cluster, path, send }) => {
    const ids = [await send(path, { ...hello, ...later }), await send(path, { ...hello, ...later })]
    const [one, two] = ids.map(({ body }) => `${path}/${String(body['task_id'])}`)
    expect((await cluster.call('POST', `${one}/cancel`)).body).toMatchObject({ error: 'cancelled' })
    expect((await cluster.call('DELETE', `${two}`)).status).toBe(204)
    expect((await cluster.call('POST', `${two}/start`)).status).toBe(404)
  })
})
