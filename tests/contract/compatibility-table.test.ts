import { readFileSync } from 'node:fs'
import { isBuiltin } from '@longhaul/core'
import { unsupportedFields } from '@longhaul/api/unsupported-fields'
import { describe, expect, test as plain } from 'vitest'
import { test } from '../support/orq-test.ts'
import { newMcpServer } from '../support/new-mcp-server.ts'
import { newAgent, newKey } from '../support/new-agent.ts'
import { script } from '../support/orq-requests.ts'
import { branchesOf, bodySchemaOf, readOpenApiOperations, type Schema } from './openapi-document.ts'

const [effect, kept, refused] = ['has effect', 'is kept and returned', 'is refused'] as const
type Fate = typeof effect | typeof kept | typeof refused

const fates: Record<string, Fate> = {
  'Has effect': effect,
  'Kept and returned': kept,
  Refused: refused,
}

/** The compatibility reference: what becomes of the fields in each section. Brackets name exceptions. */
const table = new Map(
  readFileSync('docs/reference/compatibility.md', 'utf8')
    .split('\n## ')
    .slice(1)
    .map((section) => [section.split('\n')[0] ?? '', fatesOf(section)]),
)

function fatesOf(section: string): Map<string, Fate> {
  return new Map(
    section
      .split('\n- ')
      .slice(1)
      .flatMap((item) => {
        const [, fate = '', fields = ''] = /^\*\*([^*]+):\*\*([^]*)$/.exec(item) ?? []
        const named = fields.replaceAll(/\([^)]*\)/g, '').matchAll(/`([a-z_]+)`/g)
        return [...named].map(([, name = '']) => [name, fateOf(fate)] as const)
      }),
  )
}

function fateOf(text: string): Fate {
  const fate = fates[text]
  if (fate === undefined) throw new Error(`unknown entry "${text}"`)
  return fate
}

const rows = {
  agent: 'An agent',
  settings: '`settings`',
  types: '`settings.tools`, by type',
  tool: 'A tool of an agent',
  model: '`model`',
  parameters: '`model.parameters`',
  request: 'A request (orq)',
  open: 'A request (OpenAI Responses)',
  others: 'Fields of other systems',
}

plain('the reference has the sections that are tried here', () => {
  expect([...table.keys()].toSorted()).toEqual(Object.values(rows).toSorted())
})

test('the reference names every field that the document has, and no other', async ({ cluster }) => {
  const operations = await readOpenApiOperations(cluster.url)
  const bodyOf = (operationId: string) =>
    bodySchemaOf(operations.find((operation) => operation.operationId === operationId)!) ?? {}
  const agent = bodyOf('createAgent')
  const settings = inner(agent, 'settings')
  const schemas: [string, Schema][] = [
    [rows.agent, agent],
    [rows.settings, settings],
    [rows.tool, inner(settings, 'tools').items ?? {}],
    [rows.model, inner(agent, 'model')],
    [rows.parameters, inner(inner(agent, 'model'), 'parameters')],
    [rows.request, branchesOf(bodyOf('createResponse'))[0] ?? {}],
    [rows.open, bodyOf('createOpenResponse')],
  ]
  for (const [row, schema] of schemas) {
    const listed = [...(table.get(row)?.keys() ?? [])].toSorted()
    expect([row, listed]).toEqual([row, Object.keys(schema.properties ?? {}).toSorted()])
  }
})

const foreign = unsupportedFields.flatMap(({ names }) => names)

plain('the reference names every field of other systems that is refused, and no other', () => {
  const [, section = ''] = readFileSync('docs/reference/compatibility.md', 'utf8').split(
    `## ${rows.others}`,
  )
  const list = section.slice(section.indexOf('\n- '))
  const named = [...list.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name)
  expect(named).toEqual(foreign)
})

test('fields of other systems are refused by name in requests of both dialects and in agents', async ({
  cluster,
  agent,
}) => {
  const operations = await readOpenApiOperations(cluster.url)
  const { message } = script({ text: 'Never said.' })
  const path = `/v2/agents/${agent}`
  const bodies: [string, string, string, object][] = [
    ['createResponse', 'POST', `${path}/responses`, { message }],
    ['createOpenResponse', 'POST', `${path}/responses`, { input: 'hi' }],
    ['createOpenResponse', 'POST', '/v1/responses', { model: `agent/${agent}`, input: 'hi' }],
    [
      'createRouterResponse',
      'POST',
      '/v3/router/responses',
      { model: `agent/${agent}`, input: 'hi' },
    ],
    ['createAgent', 'POST', '/v2/agents', newAgent()],
    ['updateAgent', 'PATCH', path, { role: 'R' }],
  ]
  for (const [operationId, method, at, body] of bodies) {
    const schema = bodySchemaOf(operations.find((each) => each.operationId === operationId)!) ?? {}
    const [{ properties = {} } = {}] = branchesOf(schema)
    const names = foreign.filter((name) => properties[name] === undefined)
    const asked = Object.fromEntries(names.map((name) => [name, 1]))
    const reply = await cluster.call(method, at, { ...asked, ...body })
    expect([at, reply.status]).toEqual([at, 400])
    expect(reply.body['error']).toMatchObject({ code: 'unsupported_parameter', param: names[0] })
    const paths = (reply.body['errors'] as { path: string }[]).map((each) => each.path)
    expect([at, paths]).toEqual([at, names])
    const idle = Object.fromEntries(names.map((name) => [name, null]))
    const fine = await cluster.call(method, at, { ...idle, ...body })
    expect([at, fine.status]).toEqual([at, method === 'POST' && at === '/v2/agents' ? 201 : 200])
  }
})

/** The object branch of a field's schema. */
function inner(schema: Schema, name: string): Schema {
  const field = schema.properties?.[name] ?? {}
  return branchesOf(field).find(({ properties }) => properties !== undefined) ?? field
}

const evaluator = [{ id: 'e', execute_on: 'input', sample_rate: 10 }]

/** A value for each field; a refused value if the table says that the field is refused. */
const samples: Record<string, Record<string, unknown>> = {
  [rows.agent]: {
    key: newKey('told'),
    role: 'R',
    description: 'D',
    instructions: 'I',
    system_prompt: 'S',
    model: 'openai/scripted',
    fallback_models: ['openai/other'],
    variables: { a: 1 },
    engine: 'jinja',
    settings: { max_iterations: 3 },
    path: 'P/Q',
    display_name: 'N',
    memory_stores: ['m'],
    knowledge_bases: [{ knowledge_id: 'k' }],
    team_of_agents: [{ key: 't', role: 'r' }],
    skills: ['s'],
    source: 'external',
  },
  [rows.settings]: {
    max_iterations: 7,
    max_execution_time: 30,
    tools: [],
    tool_approval_required: 'none',
    agent_variables_in_messages: true,
    approval_timeout: 60,
    approval_default: 'approved',
    longhaul: { priority: 2 },
    chat_exposed: true,
    evaluators: evaluator,
    max_cost: 1,
    guardrails: evaluator,
  },
  [rows.parameters]: {
    temperature: 0.5,
    top_p: 0.5,
    top_k: 5,
    frequency_penalty: 1,
    presence_penalty: 1,
    seed: 7,
    max_tokens: 100,
    max_completion_tokens: 100,
    stop: ['x'],
    response_format: { type: 'json_object' },
    reasoning_effort: 'low',
    verbosity: 'low',
    thinking: { type: 'disabled' },
    tool_choice: 'auto',
    parallel_tool_calls: false,
    prompt_cache_key: 'k',
    cache_control: { type: 'ephemeral', ttl: '1h' },
    timeout: { call_timeout: 5_000 },
    name: 'n',
    fallbacks: [{ model: 'a/b' }],
    cache: { type: 'exact_match', ttl: 60 },
    load_balancer: { type: 'weight_based', models: [{ model: 'a/b', weight: 0.5 }] },
    guardrails: [{ id: 'g', execute_on: 'input' }],
    plugins: [{ id: 'pii_redaction' }],
    modalities: ['text', 'audio'],
  },
  [rows.model]: {
    id: 'openai/scripted',
    parameters: { temperature: 1 },
    retry: { count: 2, on_codes: [500] },
    context_window: 9_000,
  },
  [rows.request]: {
    identity: { id: 'ada', tags: ['x'] },
    contact: { id: 'ada' },
    thread: { id: 't', tags: ['y'] },
    memory: { entity_id: 'm' },
    metadata: { a: 1 },
    conversation: { _id: 'conv_1' },
  },
}

/** Values that a request of the other dialect keeps, and values that it refuses. */
const openSamples: Record<string, unknown> = {
  metadata: { a: 'b' },
  identity: { id: 'ada' },
  thread: { id: 't' },
  memory: { entity_id: 'm' },
  user: 'ada',
  safety_identifier: 'a1',
  service_tier: 'flex',
  prompt_cache_retention: '24h',
  include: ['message.output_text.logprobs'],
  stream_options: { include_obfuscation: false },
  guardrails: [{ id: 'g' }],
  plugins: [{ id: 'web' }],
  security: { mask: ['email'] },
  prompt: { id: 'p' },
  context_management: [{ type: 'compaction' }],
  top_logprobs: 3,
}

/** The position of a section's fields in an agent. */
const places: Record<string, { path: string; put: (name: string, value: unknown) => object }> = {
  [rows.agent]: { path: '', put: (name, value) => ({ [name]: value }) },
  [rows.settings]: { path: 'settings.', put: (name, value) => ({ settings: { [name]: value } }) },
  [rows.model]: {
    path: 'model.',
    put: (name, value) => ({ model: { id: 'openai/scripted', [name]: value } }),
  },
  [rows.parameters]: {
    path: 'model.parameters.',
    put: (name, value) => ({ model: { id: 'openai/scripted', parameters: { [name]: value } } }),
  },
}

describe.each(Object.entries(places))('the section %s', (row, { path, put }) => {
  test.for([...(table.get(row) ?? [])])(
    'is right about %s, which %s',
    async ([name, fate], { cluster }) => {
      const value = samples[row]?.[name]
      expect(value).toBeDefined()
      const given = { ...newAgent(), ...put(name, value) }
      const { status, body } = await cluster.call('POST', '/v2/agents', given)
      const errors = body['errors'] as { path: string }[] | undefined
      expect([status, errors?.[0]?.path.split('[')[0]]).toEqual(
        fate === refused ? [400, path + name] : [201, undefined],
      )
      const read = await cluster.call('GET', `/v2/agents/${given.key}`)
      expect(read.status).toBe(fate === refused ? 404 : 200)
      if (fate !== refused) expect(seenIn(read.body)).toMatchObject(seenIn(put(name, value)))
    },
  )
})

/** In an agent, a model is an object that contains its fallbacks. */
function seenIn(agent: object): object {
  const { model, fallback_models: fallbacks, ...rest } = agent as Record<string, unknown>
  const id = typeof model === 'string' ? { id: model } : model
  const models = Array.isArray(fallbacks)
    ? { fallback_models: fallbacks.map((each) => ({ id: each })) }
    : {}
  if (id === undefined && !Array.isArray(fallbacks)) return rest
  return { ...rest, model: { ...(id as object), ...models } }
}

test.for([...(table.get(rows.types) ?? [])])(
  'a tool of type %s %s',
  async ([type, fate], { orq, cluster }) => {
    const key = newKey('tool')
    const common = { key, path: 'P', description: 'D' }
    if (type === 'function') await orq.tools.create({ ...common, type, function: { name: 'f' } })
    if (type === 'http') {
      const blueprint = { url: 'https://example.com', method: 'GET' as const }
      await orq.tools.create({ ...common, type, http: { blueprint } })
    }
    if (type === 'code') {
      const codeTool = { language: 'python' as const, code: 'result = 1' }
      await orq.tools.create({ ...common, type, codeTool })
    }
    if (type === 'mcp') await cluster.call('POST', '/v2/mcp-servers', newMcpServer(key))
    if (type === 'json_schema') {
      const schema = { type: 'object', properties: {}, required: [] }
      await orq.tools.create({
        ...common,
        type,
        jsonSchema: { name: 'n', description: 'd', schema },
      })
    }
    const { status, body } = await cluster.call('POST', '/v2/agents', {
      ...newAgent(),
      settings: { tools: [isBuiltin(type) ? { type } : { type, key }] },
    })
    const field = fate === refused ? [400, [{ path: 'settings.tools[0]' }]] : [201, undefined]
    expect([status, body['errors']]).toMatchObject(field)
  },
)

test('the kept fields of a request are returned with its task', async ({ agent, cluster }) => {
  const path = `/v2/agents/${agent}/responses`
  for (const [name, value] of Object.entries(samples[rows.request] ?? {})) {
    const { body } = await cluster.call('POST', path, { [name]: value, ...script({ text: 'ok' }) })
    const read = await cluster.call('GET', `${path}/${String(body['task_id'])}`)
    expect([name, read.body]).toMatchObject([
      name,
      { [name === 'contact' ? 'identity' : name]: value },
    ])
  }
  const known = [...(table.get(rows.request) ?? [])].filter(([, fate]) => fate === kept)
  const tried = [...Object.keys(samples[rows.request] ?? {}), 'configuration']
  expect(known.map(([name]) => name).toSorted()).toEqual(tried.toSorted())
})

test('a request of OpenAI Responses returns its kept fields and names its refused ones', async ({
  agent,
  cluster,
}) => {
  const known = [...(table.get(rows.open) ?? [])].filter(([, fate]) => fate !== effect)
  expect(known.map(([name]) => name).toSorted()).toEqual(Object.keys(openSamples).toSorted())
  const input = JSON.stringify({ script: [{ text: 'ok' }] })
  for (const [name, fate] of known) {
    const given = { model: `agent/${agent}`, input, [name]: openSamples[name] }
    const { status, body } = await cluster.call('POST', '/v1/responses', given)
    const errors = body['errors'] as { path: string }[] | undefined
    expect([name, status, errors?.[0]?.path]).toEqual(
      fate === refused ? [name, 400, name] : [name, 200, undefined],
    )
    if (fate === refused || ['include', 'stream_options'].includes(name)) continue
    const inOrq = await cluster.call('GET', `/v1/responses/${String(body['id'])}?format=orq`)
    expect([name, { ...inOrq.body, ...body }]).toMatchObject([name, { [name]: openSamples[name] }])
  }
})
