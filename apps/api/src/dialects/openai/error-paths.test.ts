import { clusterTest as test } from '@longhaul/testbed'
import { expect } from 'vitest'
import { agentNamed, type Refused, refusalsOf, scripted } from '../shared/refusals.fixture.ts'

const badSchema = { type: 'object', properties: { a: { type: 'nothing' } } }
const f = (name: string, parameters?: object) => ({ type: 'function', name, parameters })
const path = '/v1/responses'
const model = 'agent/open-agent'

test('refusals of turns use the field names of this dialect', async ({ cluster }) => {
  const create = (name: string, more: object) =>
    cluster.call('POST', '/v2/agents', agentNamed(name, more))
  const tool = { type: 'function', function: { name: 'own' }, description: 'd' }
  await create('open-agent', {
    instructions: '{{#x}}Hi.{{/x}}',
    settings: { tools: [{ ...tool, key: 'own-tool' }] },
  })
  await create('left-alone', { settings: { tools: [{ ...tool, key: 'short-lived' }] } })
  await cluster.call('DELETE', '/v2/tools/short-lived')

  const calls = [{ id: 'c1', name: 'own', arguments: {} }]
  const done = async (body: object) =>
    String((await cluster.call('POST', path, { model, ...body })).body['id'])
  const waiting = await done({ input: scripted({ calls }) })
  const running = await done({ input: scripted({ fault: 'hang' }), background: true })
  const talk = 'a talk'
  const talking = await done({
    input: scripted({ fault: 'hang' }),
    background: true,
    conversation: talk,
  })
  const headers = { authorization: `Bearer ${cluster.key}`, 'content-type': 'application/json' }
  await fetch(cluster.url + path, {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': 'used' },
    body: JSON.stringify({ model, input: 'Hi' }),
  })

  const result = { type: 'function_call_output', call_id: 'c9', output: 'x' }
  const bodies: [string, object][] = [
    ['unknown response', { previous_response_id: 'resp_01JD00000000000000000000000001' }],
    ['no response', { previous_response_id: 'nonsense' }],
    ['response that has not ended', { previous_response_id: running }],
    ['conversation that goes on', { conversation: talk }],
    ['message while results are missing', { previous_response_id: waiting }],
    ['result of no call', { previous_response_id: waiting, input: [result] }],
    ['results without a task', { input: [result] }],
    [
      'result of no call before',
      { input: [{ role: 'user', content: 'a' }, result, { role: 'user', content: 'b' }] },
    ],
    ['tool choice', { tool_choice: { type: 'function', name: 'none' } }],
    [
      'allowed tools',
      {
        tool_choice: {
          type: 'allowed_tools',
          mode: 'auto',
          tools: [{ type: 'function', name: 'none' }],
        },
      },
    ],
    ['name that is taken', { tools: [f('own')] }],
    ['schema of another type', { tools: [f('a', { type: 'array' })] }],
    ['bad schema', { tools: [f('a'), f('b', badSchema)] }],
    ['too many tools', { tools: Array.from({ length: 128 }, (_, at) => f(`t${at}`)) }],
    ['fallback', { fallbacks: [{ model: 'openai/a' }, { model: 'b' }] }],
    [
      'schema of the answer',
      { text: { format: { type: 'json_schema', name: 'n', schema: badSchema } } },
    ],
    ['engine', { template_engine: 'jinja' }],
    ['secret variable', { variables: { token: { secret: true } } }],
    [
      'large notes',
      {
        metadata: {},
        thread: { id: 't', tags: Array(100).fill('x'.repeat(256)) },
        identity: { id: 'i', metadata: [{ a: 'x'.repeat(70_000) }] },
      },
    ],
    ['model', { model: 'gpt-4o' }],
    ['unknown agent', { model: 'agent/nobody' }],
    ['agent whose tool was deleted', { model: 'agent/left-alone' }],
    [
      'file',
      { input: [{ role: 'user', content: [{ type: 'input_file', file_data: 'aGVsbG8=' }] }] },
    ],
  ]
  const refused: Refused[] = [
    ...bodies.map(([name, body]) => ({ name, path, body: { model, input: 'Hi', ...body } })),
    { name: 'other body', path, body: { model, input: 'other' }, key: 'used' },
    {
      name: 'variant of the other path',
      path: '/v2/agents/open-agent/responses',
      body: { input: 'Hi', tool_choice: { type: 'function', name: 'none' } },
    },
    {
      name: 'variant of the other path, agent whose tool was deleted',
      path: '/v2/agents/left-alone/responses',
      body: { input: 'Hi' },
    },
  ]
  const text = await refusalsOf(cluster, refused)
  for (const id of [running, talking]) await cluster.call('POST', `${path}/${id}/cancel`)
  await expect(text).toMatchFileSnapshot('refused-turns.txt')
})
