import { startScriptedServer } from '@longhaul/testbed'
import { expect } from 'vitest'
import { newFunction } from '../../support/function-tool.ts'
import { test as base } from '../../support/orq-test.ts'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'

/** The first integer that a JavaScript number cannot hold. */
const large = '9007199254740993'
const given = `{"id":${large},"of":[${large}]}`

const test = base
  .extend('service', async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    return service
  })
  /** Runs a turn whose model calls the tool; the replies' texts of every place that shows the call, and what the model read. */
  .extend('call', ({ cluster }) => async (tool: { name: string; entry: object }) => {
    const agent = { ...newAgent(), settings: { tools: [tool.entry] } }
    expect((await cluster.call('POST', '/v2/agents', agent)).status).toBe(201)
    const path = `/v2/agents/${agent.key}/responses`
    const headers = { authorization: `Bearer ${cluster.key}`, 'content-type': 'application/json' }
    const read = async (under: string, turn?: object) => {
      const init = { headers, ...(turn && { method: 'POST', body: JSON.stringify(turn) }) }
      return await (await fetch(cluster.url + under, init)).text()
    }
    const asked = { id: 'c1', name: tool.name, arguments: given }
    const reply = await read(path, script({ calls: [asked] }, { text: 'done' }))
    const { task_id: task } = JSON.parse(reply) as { task_id: string }
    const messages = cluster.model.requests.at(-1)?.body.messages ?? []
    return {
      shown: [
        reply,
        await read(`${path}/${task}?include=messages`),
        await read(`${path}/${task}/log`),
        await read(`${path}/${task}/events?after=0`),
        await read(`/v1/responses/resp_${task}0001`),
      ],
      sent: messages.flatMap(({ tool_calls: calls }) =>
        calls === undefined ? [] : [JSON.stringify(calls)],
      ),
      answer: messages.find(({ role }) => role === 'tool')?.content,
    }
  })

const parameters = {
  type: 'object',
  properties: { id: { type: 'integer' }, of: { type: 'array' } },
}

test('an HTTP tool gets every digit in its URL and body, and the model those of the answer', async ({
  orq,
  service,
  call,
}) => {
  service.reply(() => ({ body: Buffer.from(`{"next":${large}}`) }))
  const { key } = await orq.tools.create({
    type: 'http',
    key: newKey('orders'),
    path: 'Default',
    description: 'Finds an order.',
    http: {
      blueprint: {
        url: `${service.url}/orders/{{id}}`,
        method: 'POST',
        body: { id: '{{id}}', text: 'no. {{id}}' },
      },
      arguments: { id: { type: 'number', description: 'The number.' } },
    },
  })
  const seen = await call({ name: key, entry: { type: 'http', key } })
  expect(service.requests).toMatchObject([
    { path: `/orders/${large}`, body: `{"id":${large},"text":"no. ${large}"}` },
  ])
  expect(seen.answer).toBe(`{"next":${large}}`)
  for (const text of seen.shown) {
    expect(text).toMatch(new RegExp(`id\\\\*":${large}`))
    expect(text).not.toContain('9007199254740992')
  }
  expect(seen.sent.join()).toContain(large)
})

test('a code tool computes with every digit', async ({ call }) => {
  const name = newKey('next').replaceAll('-', '_')
  const code_tool = { language: 'python', code: 'result = [id + 1, id - 2, of]', parameters }
  const entry = { type: 'code', key: name, description: 'Counts.', code_tool }
  const { answer } = await call({ name, entry })
  expect(answer).toBe(`{"result":[9007199254740994,9007199254740991,[${large}]]}`)
})

test('an MCP server gets every digit, and the model those of its answer', async ({
  orq,
  service,
  call,
}) => {
  const text = JSON.stringify(`{"id":${large}}`)
  const results: Record<string, string> = {
    initialize:
      '{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"t","version":"1"}}',
    'tools/list': JSON.stringify({
      tools: [{ name: 'find', description: 'Finds.', inputSchema: parameters }],
    }),
    'tools/call': `{"content":[{"type":"text","text":${text}}],"structuredContent":{"id":${large}}}`,
  }
  service.reply(({ method, body }) => {
    if (method !== 'POST') return { status: 405 }
    const { id, method: asked } = JSON.parse(body) as { id?: number; method: string }
    if (id === undefined) return { status: 202 }
    const result = results[asked] ?? '{}'
    return { body: Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":${result}}`) }
  })
  const { mcpServer } = await orq.mcpServers.create({
    key: newKey('finder').toLowerCase(),
    displayName: 'Finder',
    connection: { type: 'MCP_CONNECTION_TYPE_HTTP', url: `${service.url}/mcp` },
    auth: { type: 'MCP_AUTH_TYPE_NONE' },
    defaultToolExposure: { mode: 'MCP_TOOL_EXPOSURE_MODE_ALL' },
  })
  const id = mcpServer?.id ?? ''
  await orq.mcpServers.sync({ id, syncMcpServerRequest: {} })
  const { answer } = await call({ name: 'find', entry: { type: 'mcp', id } })
  const asked = service.requests.find(({ body }) => body.includes('"tools/call"'))
  expect(asked?.body).toContain(`"arguments":${given}`)
  expect(answer).toBe(`{"id":${large}}`)
})

test('a function that the client runs is shown with every digit, in both dialects', async ({
  orq,
  call,
}) => {
  const tool = newFunction()
  const { key } = await orq.tools.create({
    ...tool,
    function: { ...tool.function, parameters: { type: 'object', properties: {}, required: [] } },
  })
  const { shown } = await call({ name: 'get_weather', entry: { type: 'function', key } })
  for (const text of shown) {
    expect(text).toContain(large)
    expect(text).not.toContain('9007199254740992')
  }
})
