import { keyFor, type ScriptedReply, type Cluster } from '@longhaul/testbed'
import { expect } from 'vitest'
import { test as base } from '../support/orq-test.ts'
import { newAgent, newKey } from '../support/new-agent.ts'
import { createReplyValidator } from './validate-reply.ts'
import { type Operation, readOpenApiOperations } from './openapi-document.ts'

const test = base
  .extend('operations', { scope: 'file' }, ({ cluster }) => readOpenApiOperations(cluster.url))
  /** Makes a request, and fails unless the document describes the reply. */
  .extend('say', ({ cluster, operations }) => sayer(cluster, operations))

function sayer(cluster: Cluster, operations: Operation[]) {
  const described = createReplyValidator()
  return async (line: string, body?: object) => {
    const [method = '', path = ''] = line.split(' ')
    const response = await fetch(cluster.url + path, {
      method,
      headers: { authorization: `Bearer ${keyFor(path)}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const { status } = response
    const [type, text] = [response.headers.get('content-type'), await response.text()]
    const operation = operations.find((known) => known.method === method && fits(known.path, path))
    const problem = described(operation, { status, type, text })
    expect({ line, text, problem }).toEqual({ line, text, problem: undefined })
    return { status, text, json: type?.includes('json') === true ? JSON.parse(text) : undefined }
  }
}

function fits(template: string, path: string): boolean {
  const [plain = ''] = path.split('?')
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(plain)
}

function script(...replies: ScriptedReply[]) {
  const text = JSON.stringify({ script: replies })
  return { message: { role: 'user', parts: [{ kind: 'text', text }] } }
}

function date(timezone: string) {
  return { name: 'current_date', arguments: { timezone } }
}

test('the replies and events of all kinds of turns are as described in the document', async ({
  say,
}) => {
  const tool = { type: 'function', key: newKey('ask'), function: { name: 'ask' } }
  const settings = { tools: [{ type: 'current_date' }, tool] }
  const { key } = (await say('POST /v2/agents', { ...newAgent(), settings })).json
  const turns = `/v2/agents/${key}/responses`
  const usage = { input: 9, output: 3, cached: 4, reasoning: 1 }
  const tooLong = { error: { code: 'context_length_exceeded', message: 'Too long.' } }
  const bodies = [
    script({ reasoning: 'Well.', text: 'Yes.', usage }),
    script({ text: 'It is long', finish: 'length', usage: null }),
    script({ text: 'I look.', calls: [date('UTC'), date('Nowhere')] }, { text: 'It is late.' }),
    script({ text: 'I ask.', calls: [date('UTC'), { name: 'ask', arguments: { a: [1] } }] }),
    script({ status: 401 }),
    script({ status: 400, body: tooLong }),
  ]
  const events = new Set<string>()
  const statuses = new Set<number>()
  for (const body of bodies) {
    const sync = await say(`POST ${turns}?include=messages`, body)
    statuses.add(sync.status)
    const read = await say(`GET ${turns}/${sync.json.task_id}?include=messages`)
    expect(read.json.output.length).toBeGreaterThan(1)
    await say(`POST ${turns}`, { ...body, background: true })
    const stream = await say(`POST ${turns}`, { ...body, stream: true })
    for (const [, type = ''] of stream.text.matchAll(/"type":"([a-z]+\.[a-z]+)"/g)) events.add(type)
  }
  expect([...statuses]).toEqual([200, 502, 422])
  expect([...events].toSorted()).toEqual([
    'part.delta',
    'part.done',
    'response.done',
    'response.failed',
    'response.started',
    'tool.done',
    'tool.failed',
    'tool.started',
  ])
})

test('complete manifests are returned as described in the document', async ({ say }) => {
  const common = { path: 'Default', display_name: 'A tool', description: 'A tool.' }
  const parameters = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
  const argument = { type: 'string', description: 'An argument.', default_value: 'a' }
  const tools = [
    { type: 'function', function: { name: 'a', description: 'b', strict: true, parameters } },
    { type: 'code', code_tool: { language: 'python', code: 'result = 1', parameters } },
    { type: 'json_schema', json_schema: { name: 'a', description: 'b', schema: parameters } },
    {
      type: 'http',
      http: {
        blueprint: { url: 'https://example.com', method: 'POST', headers: { a: 'b' }, body: {} },
        arguments: { a: argument },
      },
    },
  ]
  for (const tool of tools) {
    const { key } = (await say('POST /v2/tools', { ...common, ...tool, key: newKey('tool') })).json
    const change = { type: tool.type, versionIncrement: 'major', versionDescription: 'Better.' }
    await say(`PATCH /v2/tools/${key}`, change)
    await say(`GET /v2/tools/${key}`)
    await say(`GET /v2/tools/${key}/versions?limit=1`)
    await say(`GET /v2/tools/${key}/versions/2.0.0`)
  }
  const manifest = {
    ...newAgent(),
    display_name: 'An agent',
    system_prompt: 'You are {{name}}.',
    engine: 'mustache',
    variables: { name: 'Ann' },
    model: {
      id: 'openai/scripted',
      parameters: { temperature: 1, stop: ['a'], response_format: { type: 'text' } },
      retry: { count: 2, on_codes: [429] },
    },
    fallback_models: ['openai/scripted', { id: 'openai/other', parameters: { top_p: 1 } }],
    memory_stores: ['a'],
    knowledge_bases: [{ knowledge_id: 'a' }],
    team_of_agents: [{ key: 'a', role: 'b' }, { key: 'c' }],
    skills: ['a'],
    source: 'internal',
    settings: {
      max_iterations: 5,
      max_execution_time: 60,
      max_cost: 0,
      tool_approval_required: 'none',
      chat_exposed: true,
      evaluators: [{ id: 'a', execute_on: 'input', options: {} }],
      tools: [{ type: 'current_date', configuration: { timezone: 'UTC' } }],
    },
  }
  const { key } = (await say('POST /v2/agents', manifest)).json
  await say(`PATCH /v2/agents/${key}`, { project_id: 'a', versionIncrement: 'minor' })
  await say(`GET /v2/agents/${key}`)
  await say('GET /v2/agents?limit=3')
  await say('GET /v2/tools')
})
