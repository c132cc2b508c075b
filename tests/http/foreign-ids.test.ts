import { newMcpServer } from '../support/new-mcp-server.ts'
import { newAgent, newKey } from '../support/new-agent.ts'
import type { Reply } from '@longhaul/testbed'
import { readOpenApiOperations } from '../contract/openapi-document.ts'
import {
  type Ask,
  type RawHttp,
  expect,
  foreignKey,
  jsonOf,
  test,
  turn,
} from './http-conformance.ts'

type Call = [line: string, ask?: Ask]

/** The caller's own ids, to combine with a foreign id. */
type Own = { agent: string; tool: string; task: string; schedule: string }

/** Every position of an id or key of an agent, a tool or a task, by the route that reads it. */
const places: Record<string, (id: string, own: Own) => Call[]> = {
  'POST /v2/agents/{agent_key}/responses': (id, { agent }) => [
    [`POST /v2/agents/${id}/responses`, { json: turn('hello') }],
    [`POST /v2/agents/${id}@1.0.0/responses`, { json: turn('hello') }],
    [`POST /v2/agents/${id}/responses?include=messages`, { json: { ...turn('x'), stream: true } }],
    [`POST /v2/agents/${id}/responses`, { json: {} }],
    ...[
      { task_id: id },
      { task_id: id, stream: true },
      { task_id: id, message: { role: 'tool', parts: [result(id)] } },
      { message: { role: 'tool', parts: [result(id)] } },
      { conversation: { _id: id } },
      { thread: { id } },
      { memory: { entity_id: id } },
      { identity: { id } },
      { agent_key: id },
      { previous_response_id: id },
    ].map((more): Call => [
      `POST /v2/agents/${agent}/responses`,
      { json: { ...turn('hello'), ...more } },
    ]),
  ],
  'GET /v2/agents/{agent_key}/responses/{task_id}': (id, { agent, task }) => [
    [`GET /v2/agents/${agent}/responses/${id}`],
    [`GET /v2/agents/${agent}/responses/${id}?include=messages`],
    [`GET /v2/agents/${agent}/responses/${id}?wait=1`],
    [`GET /v2/agents/${id}/responses/${task}`],
    [`GET /v2/agents/${id}/responses/${id}`],
    [`GET /v2/agents/${agent}/responses/${task}`, { headers: { 'Last-Event-ID': id } }],
  ],
  'GET /v2/agents/{agent_key}/responses/{task_id}/events': (id, { agent, task }) => [
    [`GET /v2/agents/${agent}/responses/${id}/events`],
    [`GET /v2/agents/${agent}/responses/${id}/events?after=0&follow=turns`],
    [`GET /v2/agents/${id}/responses/${task}/events`],
    [`GET /v2/agents/${id}/responses/${id}/events?after=1`],
    [`GET /v2/agents/${agent}/responses/${task}/events`, { headers: { 'Last-Event-ID': id } }],
  ],
  'GET /v2/agents/{agent_key}/responses/{task_id}/time': (id, { agent, task }) => [
    [`GET /v2/agents/${agent}/responses/${id}/time`],
    [`GET /v2/agents/${id}/responses/${task}/time?parts=false`],
  ],
  'GET /v2/agents/{agent_key}/responses/{task_id}/deliveries': (id, { agent, task }) => [
    [`GET /v2/agents/${agent}/responses/${id}/deliveries`],
    [`GET /v2/agents/${id}/responses/${task}/deliveries`],
    [
      `GET /v2/agents/${agent}/responses/${task}/deliveries?starting_after=evt_${id}_1_0123456789ab`,
    ],
  ],
  'POST /v2/agents/{agent_key}/responses/{task_id}/redrive': (id, { agent, task }) => [
    [`POST /v2/agents/${agent}/responses/${id}/redrive`],
    [`POST /v2/agents/${id}/responses/${task}/redrive`],
  ],
  'POST /v2/agents/{agent_key}/responses/{task_id}/watch-token': (id, { agent, task }) => [
    [`POST /v2/agents/${agent}/responses/${id}/watch-token`],
    [`POST /v2/agents/${id}/responses/${task}/watch-token`, { json: { expires_in: 5 } }],
    [`POST /v2/agents/${id}/responses/${id}/watch-token`],
  ],
  'GET /v2/agents/{agent_key}/responses/{task_id}/log': (id, { agent, task }) => [
    [`GET /v2/agents/${agent}/responses/${id}/log`],
    [`GET /v2/agents/${agent}/responses/${id}/log?after=1&wait=1`],
    [`GET /v2/agents/${id}/responses/${task}/log`],
    [`GET /v2/agents/${id}/responses/${id}/log`],
  ],
  'POST /v2/agents/{agent_key}/responses/{task_id}/reviews/{tool_call_id}': (id, { agent, task }) =>
    [
      `${agent}/responses/${id}/reviews/call_1`,
      `${id}/responses/${task}/reviews/call_1`,
      `${agent}/responses/${task}/reviews/${id}`,
      `${id}/responses/${id}/reviews/${id}`,
    ].map((path): Call => [`POST /v2/agents/${path}`, { json: { review: 'approved' } }]),
  'GET /v2/reviews': (id) => [
    [`GET /v2/reviews?starting_after=${id}`],
    [`GET /v2/reviews?starting_after=${id}.1`],
  ],
  'GET /v2/responses/{task_id}': (id) => [
    [`GET /v2/responses/${id}`],
    [`GET /v2/responses/${id}?include=messages&wait=1`],
  ],
  'GET /v2/responses': (id) => [
    [`GET /v2/responses?agent=${id}`],
    [`GET /v2/responses?agent=${id}@1.0.0`],
    ...['starting_after', 'ending_before', 'thread_id', 'identity_id', 'tag', 'metadata.a'].map(
      (name): Call => [`GET /v2/responses?status=failed&${name}=${id}`],
    ),
  ],
  'GET /v2/agents/{agent_key}/responses': (id, { agent }) => [
    [`GET /v2/agents/${id}/responses`],
    ...['starting_after', 'ending_before', 'thread_id', 'identity_id', 'tag', 'metadata.a'].map(
      (name): Call => [`GET /v2/agents/${agent}/responses?status=failed&${name}=${id}`],
    ),
  ],
  'POST /v2/agents/{agent_key}/responses/{task_id}/start': (id, { agent, task }) => [
    [`POST /v2/agents/${agent}/responses/${id}/start`],
    [`POST /v2/agents/${id}/responses/${task}/start`],
    [`POST /v2/agents/${id}/responses/${id}/start`, { json: { start_at: 'PT1H' } }],
  ],
  'POST /v2/agents/{agent_key}/responses/{task_id}/cancel': (id, { agent, task }) => [
    [`POST /v2/agents/${agent}/responses/${id}/cancel`],
    [`POST /v2/agents/${id}/responses/${task}/cancel`],
    [`POST /v2/agents/${id}/responses/${id}/cancel?wait=1`],
  ],
  'DELETE /v2/agents/{agent_key}/responses/{task_id}': (id, { agent, task }) => [
    [`DELETE /v2/agents/${agent}/responses/${id}`],
    [`DELETE /v2/agents/${id}/responses/${task}`],
    [`DELETE /v2/agents/${id}/responses/${id}`],
  ],
  'GET /v2/agents/{agent_key}/responses/{task_id}/input_items': (id, { agent, task }) => [
    [`GET /v2/agents/${agent}/responses/${id}/input_items`],
    [`GET /v2/agents/${id}/responses/${task}/input_items`],
    [`GET /v2/agents/${agent}/responses/${task}/input_items?after=${id}`],
  ],
  ...Object.fromEntries(['/v1/responses', '/v3/router/responses'].flatMap(openPlaces)),
  'GET /v1/models': () => [['GET /v1/models']],
  // It accepts no id, and its counts change.
  'GET /v2/limits': () => [],
  'GET /v2/usage': () => [],
  'GET /v2/caller': () => [],
  'POST /v2/sign-in-links': () => [],
  'POST /v2/agents': (id) => [
    ['POST /v2/agents', { json: withTool({ id }) }],
    ['POST /v2/agents', { json: withTool({ key: id }) }],
    ['POST /v2/agents', { json: withTool({ type: 'mcp', key: id }) }],
    ['POST /v2/agents', { json: withTool({ type: 'mcp', id, tool_id: 'echo' }) }],
    [
      'POST /v2/agents',
      { json: { ...newAgent(), key: 'fixed-key', team_of_agents: [{ key: id }] } },
    ],
    ['POST /v2/agents', { json: { ...newAgent(), key: 'fixed-key', memory_stores: [id] } }],
  ],
  'GET /v2/agents': (id) => [
    [`GET /v2/agents?limit=1&starting_after=${id}`],
    [`GET /v2/agents?limit=1&ending_before=${id}`],
    [`GET /v2/agents?starting_after=${id}&ending_before=${id}`],
  ],
  'GET /v2/agents/{agent_key}': (id) => [
    [`GET /v2/agents/${id}`],
    [`GET /v2/agents/${id}/`],
    [`GET /v2/agents/${id}@1.0.0`],
    [`GET /v2/agents/${id}%401.0.1`],
    ['GET /v2/agents/nobody', { headers: { 'X-Request-Id': id } }],
  ],
  'PATCH /v2/agents/{agent_key}': (id, { agent }) => [
    [`PATCH /v2/agents/${id}`, { json: { role: 'Mine' } }],
    [`PATCH /v2/agents/${id}`, { json: { model: '' } }],
    [`PATCH /v2/agents/${agent}`, { json: { settings: { tools: [{ type: 'function', id }] } } }],
    [`PATCH /v2/agents/${agent}`, { json: { settings: { tools: [{ type: 'http', key: id }] } } }],
  ],
  'DELETE /v2/agents/{agent_key}': (id) => [
    [`DELETE /v2/agents/${id}`],
    [`DELETE /v2/agents/${id}@1.0.0`],
  ],
  'POST /v2/tools': (id) => [['POST /v2/tools', { json: { ...newTool('fixed'), path: id } }]],
  'GET /v2/tools': (id) => [
    [`GET /v2/tools?limit=1&starting_after=${id}`],
    [`GET /v2/tools?limit=1&ending_before=${id}`],
  ],
  'GET /v2/tools/{tool_id}': (id) => [[`GET /v2/tools/${id}`], [`GET /v2/tools/${id}@1.0.0`]],
  'PATCH /v2/tools/{tool_id}': (id, { tool }) => [
    [`PATCH /v2/tools/${id}`, { json: { type: 'function', description: 'Mine.' } }],
    [`PATCH /v2/tools/${id}`, { json: { type: 'http' } }],
    [`PATCH /v2/tools/${tool}`, { json: { type: 'function', key: `${id}-` } }],
  ],
  'DELETE /v2/tools/{tool_id}': (id) => [[`DELETE /v2/tools/${id}`]],
  'GET /v2/tools/{tool_id}/versions': (id, { tool }) => [
    [`GET /v2/tools/${id}/versions`],
    [`GET /v2/tools/${tool}/versions?starting_after=${id}`],
    [`GET /v2/tools/${tool}/versions?limit=1&ending_before=${id}@1.0.0`],
  ],
  'POST /v2/mcp-servers': (id) => [
    ['POST /v2/mcp-servers', { json: { ...newMcpServer('fixed'), description: id } }],
  ],
  'GET /v2/mcp-servers': (id) => [
    [`GET /v2/mcp-servers?limit=1&starting_after=${id}`],
    [`GET /v2/mcp-servers?limit=1&ending_before=${id}`],
  ],
  [String.raw`POST /v2/mcp-servers/{server_id}:sync`]: (id) => [
    [`POST /v2/mcp-servers/${id}:sync`],
    [`POST /v2/mcp-servers/${id}:sync`, { json: {} }],
  ],
  'GET /v2/mcp-servers/{server_id}': (id) => [[`GET /v2/mcp-servers/${id}`]],
  'PATCH /v2/mcp-servers/{server_id}': (id) => [
    [`PATCH /v2/mcp-servers/${id}`, { json: { description: 'Mine.' } }],
  ],
  'DELETE /v2/mcp-servers/{server_id}': (id) => [[`DELETE /v2/mcp-servers/${id}`]],
  [String.raw`POST /v2/mcp-servers/{server_id}/tools:test`]: (id) => [
    [`POST /v2/mcp-servers/${id}/tools:test`, { json: { tool_name: 'echo' } }],
  ],
  'POST /v1/webhook_endpoints': (id) => [
    ['POST /v1/webhook_endpoints', { json: { ...newEndpoint, name: '', url: id } }],
  ],
  'GET /v1/webhook_endpoints': (id) => [[`GET /v1/webhook_endpoints?after=${id}`]],
  'GET /v1/webhook_event_types': () => [['GET /v1/webhook_event_types']],
  'POST /v1/webhook_endpoints/{webhook_endpoint_id}/rotate_secret': (id) => [
    [`POST /v1/webhook_endpoints/${id}/rotate_secret`],
  ],
  'POST /v1/webhook_endpoints/{webhook_endpoint_id}/test': (id) => [
    [`POST /v1/webhook_endpoints/${id}/test`, { json: { event_type: 'response.failed' } }],
  ],
  'POST /v1/webhook_endpoints/{webhook_endpoint_id}': (id) => [
    [`POST /v1/webhook_endpoints/${id}`, { json: { name: 'mine' } }],
  ],
  'PATCH /v2/webhooks/{webhook_id}': (id) => [
    [`PATCH /v2/webhooks/${id}`, { json: { display_name: 'mine' } }],
  ],
  'POST /v2/webhooks': (id) => [['POST /v2/webhooks', { json: { ...newEndpoint, secret: id } }]],
  'GET /v2/webhooks': (id) => [[`GET /v2/webhooks?search=${id}`]],
  'GET /v2/webhooks/count': () => [['GET /v2/webhooks/count']],
  // Its reply is new each time.
  'GET /v2/webhooks/secret': () => [],
  'POST /v2/webhooks/query': (id) => [['POST /v2/webhooks/query', { json: { query: { id } } }]],
  ...Object.fromEntries(
    [
      ['/v1/webhook_endpoints', 'webhook_endpoint_id'] as const,
      ['/v2/webhooks', 'webhook_id'] as const,
    ].flatMap(endpointPlaces),
  ),
  'POST /v3/agents/{agent_key}/schedules': (id, { agent }) => [
    [`POST /v3/agents/${id}/schedules`, { json: newSchedule }],
    [`POST /v3/agents/${id}@1.0.0/schedules`, { json: newSchedule }],
    [`POST /v3/agents/${agent}/schedules`, { json: { ...newSchedule, agent_tag: id } }],
    [
      `POST /v3/agents/${agent}/schedules`,
      { json: { ...newSchedule, payload: { input: [{ type: 'item_reference', id }] } } },
    ],
  ],
  'GET /v3/schedules': (id) => [[`GET /v3/schedules?starting_after=${id}`]],
  'POST /v3/schedules/preview': (id) => [
    [
      'POST /v3/schedules/preview',
      { json: { type: 'once', expression: `@at 2090-01-01T00:00:00Z`, timezone: id } },
    ],
  ],
  'GET /v3/agents/{agent_key}/schedules': (id) => [[`GET /v3/agents/${id}/schedules`]],
  ...schedulePlaces('GET', ''),
  ...schedulePlaces('PATCH', '', { is_active: false }),
  ...schedulePlaces('DELETE', ''),
  ...schedulePlaces('POST', '/execution'),
  ...schedulePlaces('GET', '/runs'),
  ...schedulePlaces('POST', '/backfill', {
    from: '2020-01-01T00:00:00Z',
    to: '2020-01-02T00:00:00Z',
  }),
  'GET /v2/tools/{tool_id}/versions/{version_id}': (id, { tool }) => [
    [`GET /v2/tools/${id}/versions/1.0.0`],
    [`GET /v2/tools/${id}/versions/1.0.1`],
    [`GET /v2/tools/${tool}/versions/${id}`],
    [`GET /v2/tools/${tool}/versions/${id}@1.0.0`],
  ],
}

/** Not an endpoint: its name is missing. */
const newEndpoint = { url: 'https://shop.example', event_types: ['response.*'] }

/** The positions of an endpoint's id that both wires have. */
function endpointPlaces([base, parameter]: readonly [string, string]): [
  string,
  (id: string) => Call[],
][] {
  const path = `${base}/{${parameter}}`
  const since = '2030-01-31T09:00:00Z'
  return [
    [`GET ${path}`, (id) => [[`GET ${base}/${id}`]]],
    [`DELETE ${path}`, (id) => [[`DELETE ${base}/${id}`]]],
    [`GET ${path}/deliveries`, (id) => [[`GET ${base}/${id}/deliveries?starting_after=${id}`]]],
    [`GET ${path}/deliveries/{delivery_id}`, (id) => [[`GET ${base}/${id}/deliveries/${id}`]]],
    [
      `POST ${path}/deliveries/{delivery_id}/redeliver`,
      (id) => [[`POST ${base}/${id}/deliveries/${id}/redeliver`]],
    ],
    [
      `POST ${path}/recover`,
      (id) => [
        [`POST ${base}/${id}/recover`, { json: { since } }],
        [`POST ${base}/${id}/recover`, { json: { since, include: 'missing', starting_after: id } }],
      ],
    ],
  ]
}

/** The positions of a route of one schedule. */
function schedulePlaces(
  method: string,
  end: string,
  json?: object,
): Record<string, (id: string, own: Own) => Call[]> {
  const route = `${method} /v3/agents/{agent_key}/schedules/{schedule_id}${end}`
  return {
    [route]: (id, { agent, schedule }) =>
      [`${agent}/schedules/${id}`, `${id}/schedules/${schedule}`, `${id}/schedules/${id}`].map(
        (path): Call => [`${method} /v3/agents/${path}${end}`, json === undefined ? {} : { json }],
      ),
  }
}

const newSchedule = {
  type: 'cron',
  expression: '0 9 * * *',
  display_name: 'Report',
  payload: { input: 'hello' },
}

/** The positions of the other dialect, under one of its paths. */
function openPlaces(path: string): [string, (id: string, own: Own) => Call[]][] {
  return [
    [
      `POST ${path}`,
      (id, { agent }) =>
        [
          { model: `agent/${id}` },
          { model: id },
          { previous_response_id: id },
          { conversation: id },
          { thread: { id } },
          { input: [{ type: 'function_call_output', call_id: id, output: '' }] },
          { tools: [{ type: 'function', name: 'f' }], tool_choice: { type: 'function', name: id } },
          { metadata: { id } },
        ].map((more): Call => [
          `POST ${path}`,
          { json: { model: `agent/${agent}`, input: 'hello', background: true, ...more } },
        ]),
    ],
    [
      `GET ${path}/{response_id}`,
      (id) => [[`GET ${path}/${id}`], [`GET ${path}/${id}?stream=true`]],
    ],
    [
      `GET ${path}/{response_id}/input_items`,
      (id, { task }) => [
        [`GET ${path}/${id}/input_items`],
        [`GET ${path}/resp_${task}0001/input_items?after=${id}`],
      ],
    ],
    [
      `POST ${path}/{response_id}/start`,
      (id) => [[`POST ${path}/${id}/start`], [`POST ${path}/${id}/start`, { json: {} }]],
    ],
    [
      `POST ${path}/{response_id}/cancel`,
      (id) => [[`POST ${path}/${id}/cancel`], [`POST ${path}/${id}/cancel`, { json: {} }]],
    ],
    [`DELETE ${path}/{response_id}`, (id) => [[`DELETE ${path}/${id}`]]],
  ]
}

test('every route that needs the key of a workspace is listed here', async ({ api }) => {
  const operations = await readOpenApiOperations(api.url)
  const names = operations
    .filter(({ path, security }) => security?.length !== 0 && !path.startsWith('/v2/admin'))
    .map(({ method, path }) => `${method} ${path}`)
  expect(Object.keys(places).toSorted()).toEqual(names.toSorted())
})

test('the reply to an id of another workspace is the same, byte for byte, as to an unknown id', async ({
  rawHttp,
}) => {
  const own = await populate(rawHttp)
  const theirs = await populate(rawHttp, foreignKey)
  const before = await everything(rawHttp, theirs)
  /** Pairs each foreign id with an unknown one of the same form. */
  const pairs: [foreign: string, unknown: string][] = [
    [theirs.agentId, neighbour(theirs.agentId)],
    [theirs.agent, newKey('agent')],
    [theirs.toolId, neighbour(theirs.toolId)],
    [theirs.tool, newKey('tool')],
    [theirs.server, newKey('server').toLowerCase()],
    [theirs.serverId, neighbour(theirs.serverId)],
    [theirs.task, neighbour(theirs.task)],
    [theirs.schedule, neighbour(theirs.schedule)],
    [`resp_${theirs.task}0001`, `resp_${neighbour(theirs.task)}0001`],
    [foreignKey, foreignKey.replace('for-tests', 'of-nobody')],
  ]
  for (const [route, callsWith] of Object.entries(places)) {
    for (const [foreign, unknown] of pairs) {
      const answers: unknown[][] = []
      for (const id of [foreign, unknown]) {
        const texts: unknown[] = []
        for (const [line, ask] of callsWith(id, own)) {
          const reply = await rawHttp.ask(line, ask)
          texts.push([line.replaceAll(id, '<id>'), bytesOf(reply, id)])
          await undo(rawHttp, line, reply)
        }
        answers.push(texts)
      }
      expect([route, answers[0]]).toEqual([route, answers[1]])
    }
  }
  expect(await everything(rawHttp, theirs)).toEqual(before)
})

/** The whole reply without the requested id, the request's own id, and the values that are new in every turn. */
function bytesOf({ status, headers, text }: Reply, id: string) {
  // What the workspace of the caller may still submit changes with its own turns.
  const { date: _, 'content-length': __, ratelimit: ___, ...rest } = Object.fromEntries(headers)
  const request = headers.get('x-request-id') ?? ''
  const softDelete = (texts: string) =>
    texts.replaceAll(id, '<id>').replaceAll(request, '<request>')
  const body =
    status < 300 && /"task_id":|"version":"1.0.0"|"mcp_server":|"object":"response"/.test(text)
      ? masked(softDelete(text))
      : softDelete(text)
  return [status, softDelete(JSON.stringify(rest)), body]
}

function masked(text: string): string {
  return text
    .replaceAll(/\b(resp_|tool_|mcp_)?[0-9A-HJKMNP-TV-Z]{26}(\d{4})?\b/g, '<new>')
    .replaceAll(/\b([0-9a-f]{32}|[0-9a-f]{16})\b/g, '<new>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<now>')
    .replaceAll(/"created_at":\d+/g, '<now>')
}

/** Deletes what a call has made, so that every call begins with the same state. */
async function undo(rawHttp: RawHttp, line: string, { status, text }: Reply) {
  if (!/^POST \/v2\/(agents|tools|mcp-servers)$/.test(line) || status >= 300) return
  await rawHttp.ask(`DELETE ${line.slice('POST '.length)}/${keyIn(text)}`)
}

function keyIn(text: string): string {
  const body = JSON.parse(text) as { key?: string; mcp_server?: { key: string } }
  return String(body.key ?? body.mcp_server?.key)
}

/** The same id with another last letter, which sorts at the same position. */
function neighbour(id: string): string {
  return id.slice(0, -1) + (id.endsWith('0') ? '1' : '0')
}

async function populate(rawHttp: RawHttp, key?: string) {
  const as = key === undefined ? {} : { key }
  const agent = newAgent()
  const tool = newTool(newKey('tool'))
  const made = jsonOf(await rawHttp.ask('POST /v2/tools', { ...as, json: tool }))
  const json = { ...agent, settings: { tools: [{ type: 'function', key: tool.key }] } }
  const { _id: agentId } = jsonOf(await rawHttp.ask('POST /v2/agents', { ...as, json }))
  const server = newMcpServer(newKey('server').toLowerCase())
  const kept = jsonOf(await rawHttp.ask('POST /v2/mcp-servers', { ...as, json: server }))
  const change = { type: 'function', description: 'Newer.' }
  await rawHttp.ask(`PATCH /v2/tools/${tool.key}`, { ...as, json: change })
  await rawHttp.ask(`PATCH /v2/agents/${agent.key}`, { ...as, json: { role: 'Newer' } })
  const line = `POST /v2/agents/${agent.key}/responses`
  const { task_id: task } = jsonOf(await rawHttp.ask(line, { ...as, json: turn('hello') }))
  const schedules = `POST /v3/agents/${agent.key}/schedules`
  const { _id: schedule } = jsonOf(await rawHttp.ask(schedules, { ...as, json: newSchedule }))
  return {
    agent: agent.key,
    agentId: String(agentId),
    tool: tool.key,
    toolId: String(made['_id']),
    server: server.key,
    serverId: (kept['mcp_server'] as { id: string }).id,
    task: String(task),
    schedule: String(schedule),
  }
}

type Populated = Awaited<ReturnType<typeof populate>>

async function everything(rawHttp: RawHttp, { agent, tool, task, server }: Populated) {
  const lines = [
    `GET /v2/agents/${agent}`,
    `GET /v2/agents/${agent}/responses/${task}`,
    `GET /v3/agents/${agent}/schedules`,
    `GET /v2/tools/${tool}/versions`,
    `GET /v2/mcp-servers/${server}`,
    'GET /v2/agents',
    'GET /v2/tools',
    'GET /v2/mcp-servers',
  ]
  const replies = await Promise.all(lines.map((line) => rawHttp.ask(line, { key: foreignKey })))
  return replies.map(({ status, text }) => [status, text])
}

function newTool(key: string) {
  return { key, path: 'P', type: 'function', description: 'd', function: { name: 'f' } }
}

function withTool(tool: { type?: string; id?: string; key?: string; tool_id?: string }) {
  return { ...newAgent(), key: 'fixed-key', settings: { tools: [{ type: 'function', ...tool }] } }
}

function result(id: string) {
  return { kind: 'tool_result', tool_call_id: id, result: 1 }
}
