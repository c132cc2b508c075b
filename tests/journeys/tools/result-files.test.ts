import { limits } from '@longhaul/core'
import { startMcpServer, startScriptedServer } from '@longhaul/testbed'
import { expect } from 'vitest'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { newMcpServer } from '../../support/new-mcp-server.ts'
import { script } from '../../support/orq-requests.ts'
import { test as base } from '../../support/orq-test.ts'

const png = Buffer.from('\x89PNG\r\n\x1a\n and a picture', 'latin1')
const file = { mimeType: 'image/png', bytes: png.toString('base64') }
const image = { type: 'image', data: file.bytes, mimeType: 'image/png' } as const

type Entry = { type: string }

/** Agents with a tool of an MCP server, and with an `http` tool, which return images. */
const test = base
  .extend('mcp', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startMcpServer()
    onCleanup(() => server.close())
    server.setTools([{ name: 'shoot' }])
    return server
  })
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    return service
  })
  .extend('agents', { scope: 'file' }, async ({ cluster, mcp, service }) => {
    const create = async (path: string, body: object) => {
      const { status } = await cluster.call('POST', path, body)
      expect(status).toBeLessThan(300)
    }
    const [server, http] = [newKey('camera'), newKey('picture')]
    await create('/v2/mcp-servers', newMcpServer(server, `${mcp.url}/mcp`))
    await create(`/v2/mcp-servers/${server}:sync`, {})
    await create('/v2/tools', {
      key: http,
      path: 'tests',
      type: 'http',
      description: 'Draws.',
      http: { blueprint: { url: `${service.url}/picture`, method: 'GET' } },
    })
    const [camera, painter] = [newAgent(), newAgent()]
    await create('/v2/agents', { ...camera, settings: { tools: [{ type: 'mcp', key: server }] } })
    await create('/v2/agents', { ...painter, settings: { tools: [{ type: 'http', key: http }] } })
    return { camera: camera.key, painter: painter.key, http }
  })
  /** Runs a turn with calls of a tool. Returns its log and what the model received at last. */
  .extend('run', ({ cluster, agents }) => async (agent: 'camera' | 'painter', calls = 1) => {
    const name = agent === 'camera' ? 'shoot' : agents.http
    const each = Array.from({ length: calls }, (_, at) => ({
      id: `c${at}`,
      name,
      arguments: { text: '' },
    }))
    const path = `/v2/agents/${agents[agent]}/responses`
    const request = script({ calls: each }, { text: 'I see.' })
    const { body } = await cluster.call('POST', path, request)
    expect(body).toMatchObject({ finish_reason: 'stop' })
    const task = String(body['task_id'])
    const log = await cluster.call('GET', `${path}/${task}/log?limit=200`)
    const received = cluster.model.requests.at(-1)?.body.messages ?? []
    return { task, path, entries: log.body['data'] as Entry[], received }
  })

const follows = {
  role: 'user',
  content: [
    { type: 'text', text: expect.stringContaining('(c0):') as string },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${file.bytes}` } },
  ],
}

test('an image that an MCP tool returns reaches the model, now and in later turns', async ({
  cluster,
  mcp,
  run,
}) => {
  mcp.answer(() => ({ content: [{ type: 'text', text: 'see' }, image] }))
  const { task, path, entries, received } = await run('camera')
  const result = 'see\n(image of the type image/png)'
  expect(received.slice(-2)).toEqual([
    { role: 'tool', tool_call_id: 'c0', content: result },
    follows,
  ])
  const returned = expect.objectContaining({
    type: 'tool.returned',
    result,
    files: [file],
  }) as object
  expect(entries).toContainEqual(returned)

  await cluster.call('POST', path, { ...script({ text: 'still' }), task_id: task })
  expect(cluster.model.requests.at(-1)?.body.messages).toContainEqual(follows)
  const { body } = await cluster.call('GET', `${path}/${task}?include=messages`)
  const part = { kind: 'tool_result', tool_call_id: 'c0', result, files: [file] }
  expect(body['output']).toContainEqual(expect.objectContaining({ role: 'tool', parts: [part] }))
})

test('an image with which a server answers an http tool reaches the model', async ({
  run,
  service,
}) => {
  service.reply(() => ({ body: png, headers: { 'content-type': 'image/png' } }))
  const { received } = await run('painter')
  expect(received.slice(-2)).toEqual([
    { role: 'tool', tool_call_id: 'c0', content: `(${png.length} bytes of image/png)` },
    follows,
  ])
})

test('a call whose result has too many files fails, and so does one beyond the files of its turn', async ({
  mcp,
  run,
}) => {
  const { perResult, perTurn } = limits.resultFiles
  let files = perResult + 1
  mcp.answer(() => ({ content: Array.from({ length: files }, () => image) }))
  const { received } = await run('camera')
  expect(received.at(-1)).toMatchObject({
    role: 'tool',
    content: `the result has ${perResult + 1} files: ${perResult} are kept`,
  })

  files = perResult
  const { entries } = await run('camera', perTurn / perResult + 1)
  const ends = (type: string) => entries.filter((entry) => entry.type === type)
  expect(ends('tool.returned')).toHaveLength(perTurn / perResult)
  expect(ends('tool.failed')).toMatchObject([
    { error: `the turn's results would have ${perTurn + perResult} files: ${perTurn} are kept` },
  ])
})

test('a large output of a client reaches the model whole, and is never left out before its answer', async ({
  cluster,
}) => {
  const call = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' }
  const tools = [{ type: 'function', name: 'f', parameters: { type: 'object', properties: {} } }]
  const send = async (output: string) => {
    const input = [
      { role: 'user', content: 'go' },
      call,
      { type: 'function_call_output', call_id: 'c1', output },
    ]
    return await cluster.call('POST', '/v1/responses', { model: 'openai/scripted', input, tools })
  }
  const output = 'x'.repeat(3 * limits.toolResultForModel)
  expect(await send(output)).toMatchObject({ status: 200 })
  const messages = cluster.model.requests.at(-1)?.body.messages
  expect(messages?.at(-1)).toEqual({ role: 'tool', tool_call_id: 'c1', content: output })

  const tooLong = 'x'.repeat(2_000_000)
  await send(tooLong)
  expect(cluster.model.requests.at(-1)?.body.messages?.at(-1)?.content).toBe(tooLong)
})
