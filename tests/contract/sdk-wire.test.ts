import type { Cluster } from '@longhaul/testbed'
import { expect } from 'vitest'
import { newFunction } from '../support/function-tool.ts'
import { test } from '../support/orq-test.ts'
import { newAgent, newKey } from '../support/new-agent.ts'
import { until } from '../support/until.ts'

/** Only the start of a turn that waits may be unknown. */
const nullValue = /(?<!"starts")[:[,]null[,\]}]/

type Sent = { key?: string; headers?: Record<string, string>; body?: unknown }

/** Sends one request like a client without an SDK, and returns the whole reply. */
async function send(cluster: Cluster, line: string, { key, headers, body }: Sent = {}) {
  const [method = '', path = ''] = line.split(' ')
  const response = await fetch(cluster.url + path, {
    method,
    headers: {
      authorization: `Bearer ${key ?? cluster.key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = (): Json => JSON.parse(text)
  return { status: response.status, headers: response.headers, text, json }
}

type Json = Record<string, unknown> & { key: string; task_id: string }

function idOf(body: Json): string {
  return String(body['_id'])
}

const hello = { message: { role: 'user', parts: [{ kind: 'text', text: 'hello' }] } }

function scripted(...script: object[]) {
  const text = JSON.stringify({ script })
  return { message: { role: 'user', parts: [{ kind: 'text', text }] } }
}

test('every successful reply has the status that the SDKs expect, and no null', async ({
  cluster,
}) => {
  const tool = wireTool()
  const agent = { ...newAgent(), settings: { tools: [{ type: 'function', key: tool.key }] } }
  const agents = `/v2/agents/${agent.key}`
  const calls = [{ id: 'call_1', name: 'get_weather', arguments: { city: 'Rome' } }]
  const expected: [string, number, unknown?][] = [
    ['POST /v2/tools', 200, tool],
    ['GET /v2/tools', 200],
    [`GET /v2/tools/${tool.key}`, 200],
    [`PATCH /v2/tools/${tool.key}`, 200, { type: 'function', status: 'live', display_name: 'W' }],
    [`GET /v2/tools/${tool.key}/versions`, 200],
    [`GET /v2/tools/${tool.key}/versions/1.0.1`, 200],
    ['POST /v2/agents', 201, { ...agent, system_prompt: null, skills: null }],
    ['GET /v2/agents', 200],
    [`GET ${agents}`, 200],
    [`PATCH ${agents}`, 200, { system_prompt: null, skills: null, role: 'New' }],
    [`POST ${agents}/responses`, 200, hello],
    [`POST ${agents}/responses`, 200, { ...hello, background: true }],
    [`POST ${agents}/responses`, 200, { ...hello, stream: true, background: true }],
    [`POST ${agents}/responses`, 200, scripted({ calls })],
  ]
  for (const [line, status, body] of expected) {
    const reply = await send(cluster, line, { body })
    expect([line, reply.status, reply.text]).toEqual([line, status, expect.any(String)])
    expect(reply.text).not.toMatch(nullValue)
    const stream = (body as { stream?: boolean } | undefined)?.stream === true
    expect(reply.headers.get('content-type')).toBe(
      stream ? 'text/event-stream; charset=utf-8' : 'application/json; charset=utf-8',
    )
    if (line.endsWith('/responses') && !stream) {
      const { task_id: task } = reply.json()
      const read = await send(cluster, `GET ${agents}/responses/${task}`)
      expect(read.status).toBe(200)
      expect(read.text).not.toMatch(nullValue)
    }
  }
  const removed = await send(cluster, `DELETE ${agents}`)
  expect([removed.status, removed.text, removed.headers.get('content-type')]).toEqual([
    204,
    '',
    null,
  ])
  expect((await send(cluster, `DELETE /v2/tools/${tool.key}`)).status).toBe(200)
})

test('every error has the one body, with a request id that its header repeats', async ({
  cluster,
  agent,
}) => {
  const failures: [string, number, Sent, object][] = [
    [
      'GET /v2/agents/nobody',
      404,
      {},
      { message: 'Agent nobody not found', type: 'invalid_request_error', code: 'not_found' },
    ],
    [
      `POST /v2/agents/${agent}/responses`,
      400,
      { body: { message: { role: 'assistant', parts: [] } } },
      { message: 'message.role: must be user or tool', code: 'invalid', param: 'message.role' },
    ],
    [
      'GET /v2/agents',
      401,
      { key: 'nobody' },
      { type: 'authentication_error', code: 'unauthorized' },
    ],
    ['POST /v2/agents', 409, { body: { ...newAgent(), key: agent } }, { code: 'conflict' }],
    [
      `POST /v2/agents/${agent}/responses`,
      502,
      { body: scripted({ status: 401 }) },
      { type: 'turn_failed', code: 'provider_failed' },
    ],
  ]
  for (const [line, status, sent, error] of failures) {
    const reply = await send(cluster, line, { ...sent, headers: { 'x-request-id': 'my-request' } })
    expect([line, reply.status]).toEqual([line, status])
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(reply.headers.get('x-request-id')).toBe('my-request')
    const { message, ...body } = reply.json()
    expect(message).toEqual(expect.any(String))
    expect(body).toMatchObject({
      code: String(status),
      request_id: 'my-request',
      errors: 'param' in error ? [{ path: error.param }] : [],
      error: { message, param: null, ...error },
    })
  }
  const missing = await send(cluster, 'GET /v2/tools/nothing')
  expect(missing.json()).toEqual({
    code: '404',
    message: 'Tool nothing not found',
    error: 'Tool nothing not found',
    request_id: missing.headers.get('x-request-id'),
    errors: [],
  })
})

test('invalid fields of a turn are 400 with the name of the field', async ({ cluster, agent }) => {
  const part = { kind: 'text', text: 'hi' }
  const result = { kind: 'tool_result', tool_call_id: 'call_1', result: 1 }
  const bodies: [string, unknown][] = [
    ['message', {}],
    ['message.parts', { message: { role: 'user', parts: [] } }],
    ['message.parts', { message: { role: 'tool', parts: [] } }],
    ['message.parts[1].kind', { message: { role: 'tool', parts: [result, part] } }],
    ['message.parts[0].kind', { message: { role: 'user', parts: [result] } }],
    ['message.parts[0].kind', { message: { role: 'user', parts: [{ kind: 'data', data: {} }] } }],
    [
      'message.parts[0].tool_call_id',
      { message: { role: 'tool', parts: [{ ...result, tool_call_id: '' }] } },
    ],
    ['task_id', { message: { role: 'tool', parts: [result] } }],
    ['stream', { ...hello, stream: 'yes' }],
    ['identity.id', { ...hello, identity: {} }],
    ['variables.token', { ...hello, variables: { token: { secret: true } } }],
  ]
  for (const [path, body] of bodies) {
    const reply = await send(cluster, `POST /v2/agents/${agent}/responses`, { body })
    expect([path, reply.status]).toEqual([path, 400])
    expect(reply.json()).toMatchObject({ errors: [{ path }] })
  }
})

test('a stream has one data line for each event, with rising numbers, and a final done line', async ({
  cluster,
  agent,
}) => {
  const reply = await send(cluster, `POST /v2/agents/${agent}/responses`, {
    body: {
      ...scripted({ text: ['Two\n', 'lines\r\n', 'é\u2028'], chunkDelay: 60 }),
      stream: true,
    },
    headers: { 'accept-encoding': 'gzip, br' },
  })
  expect(reply.headers.get('content-encoding')).toBeNull()
  expect(reply.headers.get('content-length')).toBeNull()
  expect(reply.headers.get('cache-control')).toContain('no-transform')
  const blocks = reply.text.split('\n\n')
  expect(blocks.slice(-2)).toEqual(['data: [DONE]', ''])
  const numbers: number[] = []
  for (const block of blocks.slice(0, -2)) {
    const [, id, json = ''] = /^id: (\d+)\ndata: ([^\r\n]+)$/.exec(block) ?? []
    numbers.push(Number(id))
    expect(Object.keys(JSON.parse(json)).toSorted()).toEqual(['data', 'timestamp', 'type'])
  }
  expect(numbers.length).toBeGreaterThan(3)
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))
})

test('only the body decides whether the reply is a stream', async ({ cluster, agent }) => {
  const line = `POST /v2/agents/${agent}/responses`
  const json = await send(cluster, line, { body: hello, headers: { accept: 'text/event-stream' } })
  expect(json.headers.get('content-type')).toContain('application/json')
  for (const accept of ['application/json;q=1, text/event-stream;q=0', 'application/json', 'x/y']) {
    const body = { ...hello, stream: true }
    const stream = await send(cluster, line, { body, headers: { accept } })
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
  }
})

test('an error before the start of a stream is a plain reply', async ({ cluster, agent }) => {
  for (const [path, status] of [
    ['nobody', 404],
    [agent, 409],
  ] as const) {
    const running = { ...scripted({ text: 'x', delay: 200 }), background: true }
    const first = await send(cluster, `POST /v2/agents/${agent}/responses`, { body: running })
    const body = { ...hello, stream: true, task_id: first.json().task_id }
    const reply = await send(cluster, `POST /v2/agents/${path}/responses`, { body })
    expect(reply.status).toBe(status)
    expect(reply.headers.get('content-type')).toContain('application/json')
  }
})

test('a trailing slash, a limit of 2.0 and an @ in either form are accepted', async ({
  cluster,
  agent,
}) => {
  await send(cluster, 'POST /v2/agents/', { body: newAgent() })
  const page = await send(cluster, 'GET /v2/agents/?limit=2.0')
  expect(page.json()).toMatchObject({ object: 'list', has_more: true })
  expect(page.json()['data']).toHaveLength(2)
  for (const limit of ['0', '201', '-1', '1.5', 'ten', '1e2', '2.0.0']) {
    const refused = await send(cluster, `GET /v2/agents?limit=${limit}`)
    expect([limit, refused.status]).toEqual([limit, 400])
  }
  expect((await send(cluster, 'GET /v2/agents?limit=&starting_after=')).status).toBe(200)
  expect((await send(cluster, 'GET /v2/agents?starting_after=nobody')).status).toBe(400)
  for (const path of [`${agent}@1.0.0`, `${agent}%401.0.0`, `${agent}%401.0.0/`]) {
    expect((await send(cluster, `GET /v2/agents/${path}`)).json().key).toBe(agent)
  }
  const turn = await send(cluster, `POST /v2/agents/${agent}@1.0.0/responses/`, { body: hello })
  const { task_id: task } = turn.json()
  const read = await send(cluster, `GET /v2/agents/${agent}%401.0.0/responses/${task}/`)
  expect([turn.status, read.status]).toEqual([200, 200])
})

test('unknown fields are ignored, and null means that a field is absent', async ({ cluster }) => {
  const agent = {
    ...newAgent(),
    system_prompt: null,
    skills: null,
    surprise: { a: 1 },
    model: {
      id: 'openai/scripted',
      parameters: { temperature: null, stop: null, max_tokens: null, modalities: null, odd: 1 },
      odd: true,
    },
    settings: { odd: 1 },
  }
  const created = await send(cluster, 'POST /v2/agents', { body: agent })
  expect(created.status).toBe(201)
  expect(created.text).not.toMatch(/surprise|odd|null/)
  const body = {
    ...hello,
    agent_key: agent.key,
    surprise: [1],
    task_id: null,
    variables: null,
    identity: {
      id: 'ada',
      display_name: null,
      email: null,
      metadata: null,
      logo_url: null,
      tags: null,
    },
    contact: null,
    thread: null,
    memory: null,
    metadata: null,
    engine: null,
    configuration: null,
    background: null,
    stream: null,
    conversation: null,
  }
  const line = `POST /v2/agents/${agent.key}/responses`
  expect((await send(cluster, line, { body })).status).toBe(200)
  const message = { ...hello.message, messageId: null, odd: 1 }
  const thread = { id: 'thread', tags: null }
  expect((await send(cluster, line, { body: { message, thread } })).status).toBe(200)
})

test('a response id identifies its task, in a turn and in a read', async ({ cluster, agent }) => {
  const path = `/v2/agents/${agent}/responses`
  const first = (await send(cluster, `POST ${path}`, { body: hello })).json()
  const next = await send(cluster, `POST ${path}`, { body: { ...hello, task_id: idOf(first) } })
  expect(next.json().task_id).toBe(first.task_id)
  const byResponse = await send(cluster, `GET ${path}/${idOf(first)}`)
  const byTask = await send(cluster, `GET ${path}/${first.task_id}`)
  expect(byResponse.text).toBe(byTask.text)
  expect(idOf(byTask.json())).toBe(idOf(next.json()))
  for (const turn of ['0000', '0003', '9999']) {
    const never = `resp_${first.task_id}${turn}`
    expect((await send(cluster, `GET ${path}/${never}`)).status).toBe(404)
    const body = { ...hello, task_id: never }
    expect((await send(cluster, `POST ${path}`, { body })).status).toBe(404)
  }
})

test('a complete function in an agent is stored as a tool', async ({ cluster }) => {
  const tool = wireTool()
  const { path: _, ...inline } = tool
  const agent = { ...newAgent(), settings: { tools: [inline] } }
  const created = await send(cluster, 'POST /v2/agents', { body: agent })
  const stored = await send(cluster, `GET /v2/tools/${tool.key}`)
  expect(created.json()['settings']).toMatchObject({
    tools: [{ id: idOf(stored.json()), action_type: 'function', key: tool.key }],
  })
  expect(stored.json()['function']).toEqual(tool.function)
})

test('a turn continues when its client disconnects', async ({ cluster, agent }) => {
  const hangUp = new AbortController()
  const before = cluster.model.requests.length
  const turn = fetch(`${cluster.url}/v2/agents/${agent}/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${cluster.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(scripted({ text: 'Done.', delay: 300 })),
    signal: hangUp.signal,
  })
  const request = await until(() => cluster.model.requests[before])
  hangUp.abort()
  await expect(turn).rejects.toThrow('aborted')
  const [, task = ''] = /^resp_(.{26})/.exec(request.idempotencyKey ?? '') ?? []
  const ended = await until(async () => {
    const read = (await send(cluster, `GET /v2/agents/${agent}/responses/${task}`)).json()
    return read['status'] === 'in_progress' ? undefined : read
  })
  expect(ended).toMatchObject({ status: 'completed', output: [{ parts: [{ text: 'Done.' }] }] })
})

test('a call that reaches its time limit returns the id of the running task', async ({
  cluster,
  agent,
}) => {
  const api = await cluster.startApi({ LONGHAUL_SYNC_WAIT: '200ms' })
  const path = `/v2/agents/${agent}/responses`
  const body = scripted({ text: 'Done.', delay: 600 })
  const late = await send({ ...cluster, url: api.url }, `POST ${path}`, { body })
  expect(late.status).toBe(504)
  const { task_id: task, error } = late.json()
  expect(error).toMatchObject({ code: 'wait_expired' })
  expect(late.headers.get('location')).toBe(`${path}/${task}`)
  const ended = await until(async () => {
    const read = (await send(cluster, `GET ${path}/${task}`)).json()
    return read['status'] === 'in_progress' ? undefined : read
  })
  expect(ended).toMatchObject({ status: 'completed', output: [{ parts: [{ text: 'Done.' }] }] })
})

test('each workspace lists only its own agents, and may use the same keys as another', async ({
  cluster,
  agent,
}) => {
  const taken = { ...newAgent(), key: agent }
  const made = await send(cluster, 'POST /v2/agents', { body: taken, key: cluster.strangersKey })
  expect(made.status).toBe(201)
  const { _id: id, workspace_id: workspace } = made.json()
  expect(workspace).not.toBe(cluster.workspace)
  const list = await send(cluster, 'GET /v2/agents')
  expect(list.text).toContain(agent)
  expect(list.text).not.toContain(id)
  await send(cluster, `DELETE /v2/agents/${agent}`, { key: cluster.strangersKey })
  expect((await send(cluster, `GET /v2/agents/${agent}`)).status).toBe(200)
})

test('words that are path segments in the place of a key are not valid keys', async ({
  cluster,
  agent,
}) => {
  for (const key of ['run', 'stream-run', 'a2a']) {
    const created = await send(cluster, 'POST /v2/agents', { body: { ...newAgent(), key } })
    const renamed = await send(cluster, `PATCH /v2/agents/${agent}`, { body: { key } })
    expect([created.status, renamed.status]).toEqual([400, 400])
  }
})

function wireTool() {
  const { displayName, ...tool } = newFunction()
  return { ...tool, key: newKey('tool'), display_name: displayName }
}
