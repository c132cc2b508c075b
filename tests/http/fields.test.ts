import { newAgent, newKey } from '../support/new-agent.ts'
import { type RawHttp, expect, jsonOf, test, turn } from './http-conformance.ts'

const wrong: unknown[] = [
  '',
  'text',
  0,
  -1,
  1.5,
  1e300,
  true,
  false,
  [],
  [null],
  {},
  { a: 1 },
  '\0',
  [[[]]],
]

test('a value of another type is 400 with the name of its field, or is accepted', async ({
  rawHttp,
  agent,
}) => {
  const request = ['message', 'task_id', 'variables', 'identity', 'contact', 'thread', 'memory']
  const more = ['metadata', 'engine', 'configuration', 'background', 'stream', 'conversation']
  const manifest = Object.keys(newAgent())
  const optional = ['display_name', 'system_prompt', 'fallback_models', 'variables', 'engine']
  for (const value of wrong) {
    for (const field of [...request, ...more]) {
      const json = { ...turn('hello'), [field]: value }
      // Waiting and streaming would need a worker.
      if (field === 'background' || field === 'stream') {
        if (typeof value === 'boolean') continue
      }
      await answered(rawHttp, `POST /v2/agents/${agent}/responses`, { field, json })
    }
    for (const field of [...manifest, ...optional]) {
      const json = { ...newAgent(), [field]: value }
      await answered(rawHttp, 'POST /v2/agents', { field, json })
    }
  }
})

async function answered(
  rawHttp: RawHttp,
  line: string,
  { field, json }: { field: string; json: object },
) {
  const reply = await rawHttp.ask(line, { json })
  expect([200, 201, 400, 404, 409]).toContain(reply.status)
  if (reply.status !== 400) return
  const named = jsonOf(reply)['errors'] as { path: string }[]
  expect(named.map(({ path }) => path.startsWith(field))).toEqual(named.map(() => true))
  expect(named.length).toBeGreaterThan(0)
}

test('a field that is missing is named', async ({ rawHttp, agent }) => {
  for (const field of Object.keys(newAgent())) {
    const reply = await rawHttp.ask('POST /v2/agents', {
      json: { ...newAgent(), [field]: undefined },
    })
    expect(jsonOf(reply)).toMatchObject({
      code: '400',
      errors: [{ path: field, message: 'is required' }],
    })
  }
  const reply = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { json: {} })
  expect(jsonOf(reply)).toMatchObject({ code: '400', errors: [{ path: 'message' }] })
})

/** Fields that only the server sets, and known attacks on other servers. */
const theirs = {
  _id: '01JABCDEFGHJKMNPQRSTVWXYZ0',
  id: '01JABCDEFGHJKMNPQRSTVWXYZ0',
  workspace: 'other',
  workspace_id: 'other',
  project_id: 'theirs',
  agentId: 'a',
  status: 'draft',
  type: 'a2a',
  version: '9.9.9',
  created: '1970-01-01T00:00:00.000Z',
  created_at: '1970-01-01T00:00:00.000Z',
  updated: '1970-01-01T00:00:00.000Z',
  created_by_id: 'root',
  usage: { total_tokens: 1e9 },
  output: [{ role: 'agent', parts: [] }],
  finish_reason: 'stop',
  epoch: 99,
  attempt: 'mine',
  turn: 7,
  pos: 5,
  segment: 3,
  plan: 'hash',
  planHash: 'hash',
  lease: 1,
  requestId: 'r',
  isAdmin: true,
  role_id: 'admin',
  echo: { status: 'draft', workspace_id: 'other', _id: 'x' },
  maxIterations: 1e9,
  $where: '1==1',
  $set: { status: 'draft' },
  'status.$ne': 1,
}

test('an agent and a tool follow their fields, and never the fields that no caller may set', async ({
  rawHttp,
}) => {
  const agent = newAgent()
  const created = jsonOf(await rawHttp.ask('POST /v2/agents', { json: { ...theirs, ...agent } }))
  const patched = await rawHttp.ask(`PATCH /v2/agents/${agent.key}`, {
    json: { ...theirs, role: 'New' },
  })
  const read = jsonOf(await rawHttp.ask(`GET /v2/agents/${agent.key}`))
  expect(patched.status).toBe(200)
  const unharmed = { workspace_id: 'test', status: 'live', type: 'internal' }
  expect(created).toMatchObject({ ...unharmed, version: '1.0.0' })
  expect(read).toMatchObject({ ...unharmed, version: '1.0.1', _id: created['_id'] })
  expect(read['_id']).not.toBe(theirs['_id'])
  expect(Object.keys(read).toSorted()).toEqual(Object.keys(await plain(rawHttp)).toSorted())

  const tool = { ...theirs, ...functionTool() }
  const made = jsonOf(await rawHttp.ask('POST /v2/tools', { json: tool }))
  const stored = jsonOf(await rawHttp.ask(`GET /v2/tools/${tool.key}`))
  expect(stored).toEqual(made)
  expect(stored).toMatchObject({ workspace_id: 'test', project_id: 'default', version: '1.0.0' })
  expect(JSON.stringify(stored)).not.toMatch(/1970|9\.9\.9|other|admin|epoch/)
})

/** Reads an agent without added fields; without the project, which a change may set. */
async function plain(rawHttp: RawHttp) {
  const agent = newAgent()
  await rawHttp.ask('POST /v2/agents', { json: agent })
  return jsonOf(await rawHttp.ask(`GET /v2/agents/${agent.key}`))
}

test('a turn follows its fields', async ({ rawHttp, agent }) => {
  const { status: _, ...more } = theirs
  const json = {
    ...more,
    status: 'completed',
    model: 'openai/dear',
    agent_key: 'x',
    ...turn('hello'),
  }
  const { task_id: task, ...reply } = jsonOf(
    await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { json }),
  )
  expect(reply).toMatchObject({
    model: 'openai/scripted',
    output: [],
    _id: `resp_${String(task)}0001`,
  })
  const read = jsonOf(await rawHttp.ask(`GET /v2/agents/${agent}/responses/${String(task)}`))
  expect(read).toEqual({
    ...reply,
    task_id: task,
    waiting: expect.objectContaining({ for: 'no_worker' }),
    status: 'in_progress',
  })
  expect(JSON.stringify(read)).not.toMatch(/dear|1970|1000000000|hash/)
})

test('an invalid message is 400 or 404 with the reason', async ({ rawHttp, agent }) => {
  const result = { kind: 'tool_result', tool_call_id: 'call_1', result: 1 }
  const text = { kind: 'text', text: 'hello' }
  const never = '01JABCDEFGHJKMNPQRSTVWXYZ0'
  const bodies: [string, number, object][] = [
    ['results without a task', 400, { message: { role: 'tool', parts: [result] } }],
    [
      'results for an unknown task',
      404,
      { task_id: never, message: { role: 'tool', parts: [result] } },
    ],
    ['a user with results', 400, { message: { role: 'user', parts: [text, result] } }],
    ['a tool with text', 400, { message: { role: 'tool', parts: [text] } }],
    ['the system', 400, { message: { role: 'system', parts: [text] } }],
    ['the agent itself', 400, { message: { role: 'agent', parts: [text] } }],
    ['an assistant', 400, { message: { role: 'assistant', parts: [text] } }],
    ['__proto__ as a role', 400, { message: { role: '__proto__', parts: [text] } }],
    ['a list of roles', 400, { message: { role: ['user'], parts: [text] } }],
    ['a call of its own', 400, { message: { role: 'user', parts: [{ kind: 'tool_call' }] } }],
    ['a file of ours', 400, file('file:///etc/passwd')],
    ['a file of an older net', 400, file('gopher://example.com/1')],
    ['an unknown task', 404, { ...turn('hello'), task_id: never }],
    ['an unknown response', 404, { ...turn('hello'), task_id: `resp_${never}0001` }],
    ['a task of nothing', 400, { ...turn('hello'), task_id: '' }],
    ['an engine that is none', 400, { ...turn('hello'), engine: 'ejs' }],
  ]
  for (const [name, status, json] of bodies) {
    const reply = await rawHttp.ask(`POST /v2/agents/${agent}/responses`, { json })
    expect([name, reply.status]).toEqual([name, status])
  }
})

function file(uri: string) {
  return { message: { role: 'user', parts: [{ kind: 'file', file: { uri } }] } }
}

function functionTool() {
  return {
    key: newKey('tool'),
    path: 'Default',
    type: 'function',
    status: 'live',
    description: 'd',
    function: { name: 'f' },
  }
}
