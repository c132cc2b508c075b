import { clusterTest as test } from '@longhaul/testbed'
import { expect } from 'vitest'
import {
  agentNamed,
  type Refused,
  refusalsOf,
  scripted,
  serverNamed,
} from '../shared/refusals.fixture.ts'

const object = { type: 'object', properties: {} }
const badSchema = { type: 'object', properties: { a: { type: 'nothing' } } }
const toolId = 'tool_01K3Q0YB9Z6C5R8V2N7M4D1FGH'
const mcpId = 'mcp_01K3Q0YB9Z6C5R8V2N7M4D1FGH'

const agentWith = (more: object) => agentNamed('refused-agent', more)
const withTools = (...tools: object[]) => agentWith({ settings: { tools } })
const http = (blueprint: object, more: object = {}) => ({
  http: { blueprint: { url: 'https://a.example', method: 'GET', ...blueprint }, ...more },
})
const argument = { type: 'number', description: 'd', send_to_model: true }
const json = (schema: object) => ({ json_schema: { name: 'n', description: 'd', schema } })
const code = (parameters: object) => ({
  code_tool: { language: 'python', code: 'result = 1', parameters },
})
const guardrail = { id: 'g', execute_on: 'input' }

/** Tools that are refused both as a stored tool and within an agent. */
const wrongTools: [string, object][] = [
  ['http without a host', { type: 'http', ...http({ url: 'ftp:x' }) }],
  ['http with a placeholder in its host', { type: 'http', ...http({ url: 'https://{{x}}/' }) }],
  ['http with credentials', { type: 'http', ...http({ url: 'https://a:b@c.example' }) }],
  ['http with a header of the connection', { type: 'http', ...http({ headers: { Host: 'x' } }) }],
  [
    'http with a masked header',
    { type: 'http', ...http({ headers: { A: { value: '********', encrypted: true } } }) },
  ],
  ['http with a bad argument', { type: 'http', ...http({}, { arguments: { 'a b': argument } }) }],
  [
    'http with a bad default',
    { type: 'http', ...http({}, { arguments: { n: { ...argument, default_value: 'x' } } }) },
  ],
  [
    'function with a bad schema',
    { type: 'function', function: { name: 'f', parameters: badSchema } },
  ],
  ['code with a bad schema', { type: 'code', ...code(badSchema) }],
  ['json_schema with a bad schema', { type: 'json_schema', ...json(badSchema) }],
]

const wrongServers: [string, object][] = [
  ['with a placeholder', { server_url: 'https://{{x}}.example' }],
  ['without a host', { server_url: 'ftp://a.example' }],
  ['with a header of the connection', { headers: { Host: { value: 'x' } } }],
  ['with a masked header', { headers: { A: { value: '********', encrypted: true } } }],
  ['with a bad schema', { tools: [{ name: 't', schema: badSchema }] }],
]

const server = { server_url: 'https://a.example/mcp', tools: [], connection_type: 'http' }
const manyTools = Array.from({ length: 129 }, (_, at) => ({ name: `t${at}`, schema: object }))

const auth = (...headers: object[]) => ({
  auth: { type: 'MCP_AUTH_TYPE_STATIC_HEADERS', static_headers: headers },
})

const user = (text: string) => ({ message: { role: 'user', parts: [{ kind: 'text', text }] } })

const file = (given: object) => ({
  message: { role: 'user', parts: [{ kind: 'file', file: given }] },
})

const results = (...ids: string[]) => ({
  message: {
    role: 'tool',
    parts: ids.map((id) => ({ kind: 'tool_result', tool_call_id: id, result: 1 })),
  },
})

test('refusals of agents use the field names of this dialect', async ({ cluster }) => {
  const stored = { path: 'P', description: 'D' }
  await cluster.call('POST', '/v2/tools', {
    ...stored,
    key: 'stored-function',
    type: 'function',
    function: { name: 'f' },
  })
  await cluster.call('POST', '/v2/mcp-servers', serverNamed('stored-server'))
  const bodies: [string, object][] = [
    ['reserved key', agentWith({ key: 'run' })],
    ['cost limit', agentWith({ settings: { max_cost: 1 } })],
    ['guardrails', agentWith({ settings: { guardrails: [guardrail] } })],
    ['model id', agentWith({ model: 'gpt-4o' })],
    ['fallback id', agentWith({ fallback_models: ['openai/a', 'b'] })],
    [
      'model parameters',
      agentWith({
        model: {
          id: 'openai/a',
          parameters: {
            guardrails: [guardrail],
            modalities: ['audio'],
            plugins: [{ id: 'pii_redaction' }],
          },
        },
        fallback_models: [{ id: 'openai/a', parameters: { plugins: [{ id: 'trace_scrubbing' }] } }],
      }),
    ],
    [
      'schema of the answer',
      agentWith({
        model: {
          id: 'openai/a',
          parameters: {
            response_format: {
              type: 'json_schema',
              json_schema: { name: 'n', schema: badSchema },
            },
          },
        },
      }),
    ],
    ...['role', 'description', 'instructions', 'system_prompt'].map((name): [string, object] => [
      `template in ${name}`,
      agentWith({ engine: 'jinja', [name]: '{% if %}' }),
    ]),
    ['secret variable', agentWith({ variables: { token: { secret: true } } })],
    ['type of a tool', withTools({ type: 'google_search', key: 'k' })],
    ['tool without a key', withTools({ type: 'function' })],
    ['unknown tool', withTools({ type: 'function', key: 'nobody' })],
    ['tool of another type', withTools({ type: 'http', key: 'stored-function' })],
    [
      'existing tool of another type',
      withTools({ type: 'code', key: 'stored-function', ...code(object) }),
    ],
    ['key of a tool', withTools({ type: 'function', key: toolId, function: { name: 'f' } })],
    ...wrongTools.map(([name, tool]): [string, object] => [
      `tool: ${name}`,
      withTools({ key: 'inline', description: 'd', ...tool }),
    ]),
    ['server without a key', withTools({ type: 'mcp' })],
    ['unknown server', withTools({ type: 'mcp', key: 'nobody' })],
    ['unknown tool of a server', withTools({ type: 'mcp', key: 'stored-server', tool_id: 'x' })],
    ['key of a server', withTools({ type: 'mcp', key: mcpId, mcp: server })],
    ...wrongServers.map(([name, more]): [string, object] => [
      `server ${name}`,
      withTools({ type: 'mcp', key: 'inline-server', mcp: { ...server, ...more } }),
    ]),
    [
      'too many tools',
      withTools({ type: 'mcp', key: 'many', mcp: { ...server, tools: manyTools } }),
    ],
    [
      'a tool twice',
      withTools(
        { type: 'mcp', key: 'twice', mcp: { ...server, tools: manyTools.slice(0, 100) } },
        { type: 'mcp', key: 'twice', mcp: { ...server, tools: manyTools.slice(0, 100) } },
      ),
    ],
    ['the same name twice', withTools({ type: 'current_date' }, { type: 'current_date' })],
    [
      'two kinds of answers',
      withTools(
        { type: 'json_schema', key: 'one', ...json(object) },
        { type: 'json_schema', key: 'two', ...json(object) },
      ),
    ],
  ]
  await cluster.call('POST', '/v2/agents', agentNamed('kept-agent'))
  const refused: Refused[] = [
    ...bodies.map(([name, body]) => ({ name, path: '/v2/agents', body })),
    {
      name: 'changed to an unknown tool',
      method: 'PATCH',
      path: '/v2/agents/kept-agent',
      body: { settings: { tools: [{ type: 'function', key: 'nobody' }] } },
    },
  ]
  await expect(await refusalsOf(cluster, refused)).toMatchFileSnapshot('refused-agents.txt')
})

test('refusals of tools and MCP servers use the field names of this dialect', async ({
  cluster,
}) => {
  const common = { key: 'refused-tool', path: 'P', description: 'D' }
  const f = { type: 'function', function: { name: 'f' } }
  await cluster.call('POST', '/v2/tools', { ...common, ...f, key: 'kept-tool' })
  await cluster.call('POST', '/v2/mcp-servers', serverNamed('kept-server'))
  const servers: [string, object][] = [
    ['key', { key: mcpId }],
    [
      'placeholder',
      { connection: { type: 'MCP_CONNECTION_TYPE_HTTP', url: 'https://a.example/{{x}}' } },
    ],
    ['host', { connection: { type: 'MCP_CONNECTION_TYPE_HTTP', url: 'file:///etc' } }],
    ['header of the connection', auth({ key: 'Host', value: 'x' })],
    ['masked header', auth({ key: 'A', masked_value: '********' })],
  ]
  const refused: Refused[] = [
    { name: 'key', path: '/v2/tools', body: { ...common, ...f, key: toolId } },
    ...wrongTools.map(([name, tool]) => ({
      name,
      path: '/v2/tools',
      body: { ...common, ...tool },
    })),
    { name: 'key taken', path: '/v2/tools', body: { ...common, ...f, key: 'kept-tool' } },
    {
      name: 'changed type',
      method: 'PATCH',
      path: '/v2/tools/kept-tool',
      body: { type: 'code', ...code(object) },
    },
    {
      name: 'changed to a bad schema',
      method: 'PATCH',
      path: '/v2/tools/kept-tool',
      body: { type: 'function', function: { name: 'f', parameters: badSchema } },
    },
    ...servers.map(([name, more]) => ({
      name: `server: ${name}`,
      path: '/v2/mcp-servers',
      body: serverNamed('refused-server', more),
    })),
    {
      name: 'server: changed key',
      method: 'PATCH',
      path: '/v2/mcp-servers/kept-server',
      body: { key: 'another' },
    },
    {
      name: 'server: changed to no host',
      method: 'PATCH',
      path: '/v2/mcp-servers/kept-server',
      body: { connection: { type: 'MCP_CONNECTION_TYPE_HTTP', url: 'file:///etc' } },
    },
  ]
  await expect(await refusalsOf(cluster, refused)).toMatchFileSnapshot('refused-tools.txt')
})

test('refusals of turns use the field names of this dialect', async ({ cluster }) => {
  const key = 'turns-agent'
  const path = `/v2/agents/${key}/responses`
  const tool = { type: 'function', key: 'asked', function: { name: 'f' }, description: 'd' }
  const create = (name: string, more: object = {}) =>
    cluster.call('POST', '/v2/agents', agentNamed(name, more))
  await create(key, { instructions: '{{#x}}Hi.{{/x}}', settings: { tools: [tool] } })
  const calls = [
    { id: 'c1', name: 'f', arguments: {} },
    { id: 'c2', name: 'f', arguments: {} },
  ]
  const waiting = await cluster.call('POST', path, user(scripted({ calls })))
  const task_id = String(waiting.body['task_id'])

  await create('left-alone', { settings: { tools: [{ ...tool, key: 'short-lived' }] } })
  await cluster.call('DELETE', '/v2/tools/short-lived')
  await create('lonely', {
    team_of_agents: [{ key: 'nobody', role: 'r' }],
    settings: { tools: [{ type: 'call_sub_agent' }] },
  })
  await create('mortal')
  const orphan = await cluster.call(
    'POST',
    '/v2/agents/mortal/responses',
    user(scripted({ text: 'Hi' })),
  )
  await cluster.call('DELETE', '/v2/agents/mortal')
  await create('mortal')

  const headers = { authorization: `Bearer ${cluster.key}`, 'content-type': 'application/json' }
  const send = async (idempotencyKey: string) => {
    const response = await fetch(cluster.url + path, {
      method: 'POST',
      headers: { ...headers, 'idempotency-key': idempotencyKey },
      body: JSON.stringify(user(scripted({ text: 'once' }))),
    })
    return (await response.json()) as { task_id: string }
  }
  await send('used')
  const softDeleted = await send('hidden')
  await cluster.call('POST', path, {
    task_id: softDeleted.task_id,
    ...user(scripted({ text: 'two' })),
  })
  await cluster.call('DELETE', `/v1/responses/resp_${softDeleted.task_id}0001`)

  const bodies: [string, object][] = [
    ['results without a task', results('c1')],
    ['unknown task', { task_id: '01JD0000000000000000000000', ...user('Hi') }],
    ['message while results are missing', { task_id, ...user('Hi') }],
    ['result of no call', { task_id, ...results('c3') }],
    ['result twice', { task_id, ...results('c1', 'c1') }],
    ['engine', { ...user('Hi'), engine: 'jinja' }],
    ['file that is no base64', file({ bytes: '!!!' })],
    ['file of another kind', file({ bytes: 'aGVsbG8=' })],
    ['file of another scheme', file({ uri: 'file:///etc/passwd' })],
    ['file with credentials', file({ uri: 'https://a:b@c.example/d.png' })],
    ['template', { ...user('{{#x}}'), engine: 'mustache' }],
    ['secret variable', { ...user('Hi'), variables: { token: { secret: true } } }],
    ['large notes', { ...user('Hi'), metadata: { a: 'x'.repeat(70_000) } }],
  ]
  const refused: Refused[] = [
    ...bodies.map(([name, body]) => ({ name, path, body })),
    { name: 'other body', path, body: user('other'), key: 'used' },
    { name: 'deleted response', path, body: user(scripted({ text: 'once' })), key: 'hidden' },
    {
      name: 'task of a deleted agent',
      path: '/v2/agents/mortal/responses',
      body: { task_id: orphan.body['task_id'], ...user('Hi') },
    },
    { name: 'deleted tool', path: '/v2/agents/left-alone/responses', body: user('Hi') },
    { name: 'unknown member of a team', path: '/v2/agents/lonely/responses', body: user('Hi') },
    { name: 'unknown agent', path: '/v2/agents/nobody/responses', body: user('Hi') },
  ]
  await expect(await refusalsOf(cluster, refused)).toMatchFileSnapshot('refused-turns.txt')
})
