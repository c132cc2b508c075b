import { readFileSync } from 'node:fs'
import { type Reply, type Cluster, exchange, repliesIn } from '@longhaul/testbed'
import { test as journey } from '../support/orq-test.ts'
import { newKey } from '../support/new-agent.ts'
import { expect, jsonOf, openRawHttpOf } from './http-conformance.ts'

/** The API with a worker, so that a call without `background` is answered. */
const test = journey.extend('rawHttp', ({ cluster }, { onCleanup }) =>
  openRawHttpOf(cluster.api, onCleanup, cluster.key),
)

/** Sends a request byte for byte like `orq_ai_sdk` through httpx, except that the connection is closed. */
function request(
  cluster: Cluster,
  line: string,
  { accept = 'application/json', body }: Sent,
): string {
  const content = body === undefined ? '' : JSON.stringify(body)
  return [
    `${line} HTTP/1.1`,
    `Host: ${new URL(cluster.url).host}`,
    'Accept-Encoding: gzip, deflate',
    'Connection: close',
    `accept: ${accept}`,
    'user-agent: speakeasy-sdk/python 4.14.0-rc.44 2.879.11 1.0.0 orq_ai_sdk',
    `authorization: Bearer ${cluster.key}`,
    ...(body === undefined
      ? []
      : ['content-type: application/json', `Content-Length: ${content.length}`]),
    '',
    content,
  ].join('\r\n')
}

type Sent = { accept?: string; body?: unknown }

async function send(cluster: Cluster, line: string, sent: Sent = {}): Promise<Reply> {
  const received = await exchange(Number(new URL(cluster.url).port), request(cluster, line, sent))
  const [reply] = repliesIn(received)
  if (reply === undefined) throw new Error(`no reply to ${line}`)
  return reply
}

/** The Accept header of the SDK for every creation of a response. */
const accept = 'application/json;q=1, text/event-stream;q=0'

/** The calls of the sample in the guide, in order. */
const sample = [
  'orq.agents.responses.create(',
  'message={"role": "user", "parts": [{"kind": "text", "text": "What is the date today?"}]}',
  'first.output[0].parts[0].text',
  'orq.agents.responses.create(',
  'task_id=first.task_id',
  'background=True',
  'message={"role": "user", "parts": [{"kind": "text", "text": "Thank you!"}]}',
  'orq.agents.responses.get(',
  'task_id=next_turn.task_id',
  'task.status',
]

test('the sample of the guide: a turn, its task read, and the next turn', async ({
  cluster,
  agent,
}) => {
  const guide = readFileSync('docs/guides/sdks.md', 'utf8')
  const [, code = '', ...more] = /```python\n([^]*?)```/.exec(guide) ?? []
  expect(more).toEqual([])
  let place = 0
  for (const text of sample) {
    const found = code.indexOf(text, place)
    expect([text, found >= place]).toEqual([text, true])
    place = found + text.length
  }
  const line = `POST /v2/agents/${agent}/responses`
  // The SDK fills in its own defaults.
  const defaults = { background: false, stream: false }
  const first = await send(cluster, line, {
    accept,
    body: { message: says('What is the date today?'), ...defaults },
  })
  expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(first.status).toBe(200)
  const { task_id: task, output } = jsonOf(first)
  expect(output).toMatchObject([{ parts: [{ text: 'You said: What is the date today?' }] }])
  const next = await send(cluster, line, {
    accept,
    body: { message: says('Thank you!'), task_id: task, ...defaults, background: true },
  })
  expect([next.status, jsonOf(next)['task_id']]).toEqual([200, task])
  const read = `GET /v2/agents/${agent}/responses/${String(task)}`
  await expect.poll(async () => jsonOf(await send(cluster, read))['status']).toBe('completed')
  const stream = await send(cluster, line, {
    accept,
    body: { message: says('Hello'), background: false, stream: true },
  })
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(stream.text).toMatch(/data: \[DONE\]\n\n$/)
})

test('a path with a bare @, a collection with a trailing slash, and numbers with a decimal point are accepted', async ({
  cluster,
  agent,
}) => {
  const lines = [
    'GET /v2/agents/?limit=2.0',
    'GET /v2/agents?limit=200.0',
    'GET /v2/tools/?limit=10.0',
    `GET /v2/agents/${agent}@1.0.0`,
    `GET /v2/agents/${agent}@1.0.0/`,
  ]
  for (const line of lines) expect([line, (await send(cluster, line)).status]).toEqual([line, 200])
  const turn = await send(cluster, `POST /v2/agents/${agent}@1.0.0/responses`, {
    accept,
    body: { message: says('hello'), background: true, stream: false },
  })
  const read = `GET /v2/agents/${agent}@1.0.0/responses/${String(jsonOf(turn)['task_id'])}`
  expect([turn.status, (await send(cluster, read)).status]).toEqual([200, 200])
})

/** Every optional field of each body and of its parts. */
const agentNulls = nulls(
  'display_name system_prompt fallback_models memory_stores knowledge_bases team_of_agents skills variables source engine',
)
const settingsNulls = nulls(
  'max_iterations max_execution_time max_cost tool_approval_required chat_exposed evaluators guardrails',
)
const modelNulls = nulls(
  'name temperature top_p top_k frequency_penalty presence_penalty seed max_tokens max_completion_tokens stop response_format reasoning_effort verbosity thinking tool_choice parallel_tool_calls modalities guardrails plugins fallbacks cache load_balancer timeout cache_control prompt_cache_key',
)
const entryNulls = nulls('key id requires_approval configuration display_name description function')
const turnNulls = nulls(
  'task_id variables identity contact thread memory metadata engine configuration background stream conversation',
)

test('null means "absent" in every optional field', async ({ rawHttp }) => {
  const agent = {
    key: newKey('agent'),
    role: 'r',
    description: 'd',
    instructions: 'i',
    path: 'p',
  }
  const settings = { ...settingsNulls, tools: [{ type: 'current_date', ...entryNulls }] }
  const model = {
    id: 'openai/scripted',
    retry: { count: null, on_codes: null },
    parameters: modelNulls,
  }
  const created = await rawHttp.ask('POST /v2/agents', {
    json: { ...agent, ...agentNulls, settings, model },
  })
  expect([created.status, jsonOf(created)]).toMatchObject([201, { ...agent, engine: 'text' }])
  expect(created.text).not.toContain('null')
  const bare = { ...agent, settings: {}, model: 'openai/scripted' }
  for (const field of Object.keys(agentNulls)) {
    const json = { ...bare, key: newKey('agent'), [field]: null }
    expect([field, (await rawHttp.ask('POST /v2/agents', { json })).status]).toEqual([field, 201])
  }

  const line = `PATCH /v2/agents/${agent.key}`
  const required = nulls('key role description instructions path project_id model settings')
  const versions = nulls('versionIncrement versionDescription')
  const patched = await rawHttp.ask(line, { json: { ...agentNulls, ...required, ...versions } })
  expect([patched.status, jsonOf(patched)]).toMatchObject([200, agent])

  const text = { kind: 'text', text: 'hello' }
  const message = {
    messageId: null,
    role: 'user',
    parts: [text, { kind: 'error', error: 'e', code: null }],
  }
  const identity = { id: 'ada', ...nulls('display_name email metadata logo_url tags') }
  for (const more of [
    {},
    { identity, thread: { id: 't', tags: null }, configuration: { blocking: null } },
  ]) {
    const json = { ...turnNulls, ...more, message }
    expect((await rawHttp.ask(`POST /v2/agents/${agent.key}/responses`, { json })).status).toBe(200)
  }
})

const blocks: Record<string, object> = {
  function: { function: { name: 'f', ...nulls('description strict parameters') } },
  json_schema: {
    json_schema: {
      name: 's',
      description: 'd',
      schema: { type: 'object', ...nulls('properties required') },
      strict: null,
    },
  },
  http: {
    http: {
      blueprint: {
        url: 'https://example.com/{{a}}',
        method: 'GET',
        ...nulls('headers body timeout'),
      },
      arguments: {
        a: { type: 'string', description: 'd', ...nulls('send_to_model default_value') },
      },
    },
  },
  code: { code_tool: { language: 'python', code: 'result = 1', parameters: null } },
}

test('and in every tool', async ({ rawHttp }) => {
  for (const [type, block] of Object.entries(blocks)) {
    const tool = { key: newKey('tool'), type, path: 'p', description: 'd' }
    const json = { ...tool, ...nulls('display_name status'), ...block }
    const created = await rawHttp.ask('POST /v2/tools', { json })
    expect([type, created.status, jsonOf(created)]).toMatchObject([type, 200, tool])
    expect(created.text).not.toContain('null')
    const all = nulls(
      'key path display_name description status versionIncrement versionDescription function http code_tool json_schema',
    )
    const patched = await rawHttp.ask(`PATCH /v2/tools/${tool.key}`, { json: { ...all, type } })
    expect([type, patched.status, jsonOf(patched)]).toMatchObject([type, 200, tool])
  }
})

test('null in a required field counts as missing, and in a list it is a wrong item', async ({
  rawHttp,
  agent,
}) => {
  const missing = await rawHttp.ask('POST /v2/agents', { json: nulls('key role path') })
  expect(jsonOf(missing)['errors']).toMatchObject([
    { path: 'key', message: 'is required' },
    ...Array.from({ length: 6 }, () => ({ message: 'is required' })),
  ])
  const list = await rawHttp.ask(`PATCH /v2/agents/${agent}`, { json: { skills: [null, 'a'] } })
  expect(jsonOf(list)).toMatchObject({ code: '400', errors: [{ path: 'skills[0]' }] })
  // Free-form values keep their nulls.
  const json = { variables: { a: null, b: [null] } }
  const kept = await rawHttp.ask(`PATCH /v2/agents/${agent}`, { json })
  expect(jsonOf(kept)).toMatchObject(json)
})

function says(text: string) {
  return { role: 'user', parts: [{ kind: 'text', text }] }
}

function nulls(names: string): Record<string, null> {
  return Object.fromEntries(names.split(' ').map((name) => [name, null]))
}
