import { startMcpServer, startScriptedServer, test as base } from '@longhaul/testbed'
import { limits, type McpTarget } from '@longhaul/core'
import { describe, expect, onTestFinished } from 'vitest'
import { parseHostAllowList } from '../guard/egress-allow.ts'
import { createNameResolver } from '../dns/names.ts'
import { createMcpClient } from './mcp-client.ts'

const resolve = createNameResolver().of('w')

const test = base
  .extend('server', async ({}, { onCleanup }) => {
    const server = await startMcpServer()
    onCleanup(() => server.close())
    return server
  })
  .extend('client', () => createMcpClient({ allow: parseHostAllowList(['127.0.0.1']), resolve }))

const options = (signal = new AbortController().signal) => ({ signal, timeoutMs: 5_000 })
const call = { tool: 'echo', arguments: { text: 'hi' }, key: 'resp_1.c1' }

describe.each(['http', 'sse'] as const)('over %s', (transport) => {
  const at = (url: string, headers = {}): McpTarget => ({
    url: `${url}/${transport === 'sse' ? 'sse' : 'mcp'}`,
    transport,
    headers,
  })

  test('a large answer waits for capacity, and a small one does not', async ({
    server,
    client,
  }) => {
    const asked: number[] = []
    const capacity = async (bytes: number) => void asked.push(bytes)
    await client.call(at(server.url), call, { ...options(), capacity })
    expect(asked).toEqual([])
    const text = 'x'.repeat(200_000)
    const large = { ...call, arguments: { text } }
    const answer = await client.call(at(server.url), large, { ...options(), capacity })
    expect(answer.result).toBe(text)
    expect(asked).toEqual([expect.closeTo(transport === 'http' ? 200_000 : limits.mcpBytes, -3)])
  })

  test('a server lists its tools, page by page', async ({ server, client }) => {
    const names = ['a', 'b', 'c', 'd', 'e']
    server.setTools(
      names.map((name) => ({ name, annotations: { readOnlyHint: true } })),
      2,
    )
    const tools = await client.list(at(server.url), options())
    expect(tools.map(({ name }) => name)).toEqual(names)
    expect(tools[0]).toMatchObject({
      annotations: { readOnly: true },
      inputSchema: { type: 'object' },
    })
  })

  test('of an endless list the first pages are read', async ({ server, client }) => {
    server.listForever()
    const patient = { ...options(), timeoutMs: limits.mcpSync }
    expect(await client.list(at(server.url), patient)).toEqual([])
    expect(server.pages()).toBe(limits.mcpPages)
  })

  test('a call sends its arguments, its key and the headers', async ({ server, client }) => {
    const target = at(server.url, { authorization: 'Bearer t' })
    expect(await client.call(target, call, options())).toEqual({ result: 'hi', files: [] })
    expect(server.calls).toMatchObject([
      {
        name: 'echo',
        arguments: { text: 'hi' },
        meta: { 'idempotency-key': 'resp_1.c1' },
        headers: { authorization: 'Bearer t' },
      },
    ])
  })

  test('texts of a server have no lone surrogates', async ({ server, client }) => {
    server.setTools([{ name: 'echo', description: 'a\ud800b' }])
    expect(await client.list(at(server.url), options())).toMatchObject([
      { description: 'a\ufffdb' },
    ])
    const answers = [
      { content: [{ type: 'text' as const, text: 'a\ud800b' }] },
      { content: [{ type: 'text' as const, text: '"a\\ud800b"' }] },
    ]
    for (const answer of answers) {
      server.answer(() => answer)
      expect(await client.call(at(server.url), call, options())).toMatchObject({
        result: 'a\ufffdb',
      })
    }
    server.answer(() => ({ content: [{ type: 'text', text: 'a\ud800b' }], isError: true }))
    await expect(client.call(at(server.url), call, options())).rejects.toThrow('a\ufffdb')
  })

  test('structures, JSON, other contents and errors have a form that a model can read', async ({
    server,
    client,
  }) => {
    const resultOf = async (result: object) => {
      server.answer(() => ({ content: [], ...result }))
      return (await client.call(at(server.url), call, options())).result
    }
    expect(await resultOf({ structuredContent: { a: 1 } })).toEqual({ a: 1 })
    expect(await resultOf({ content: [{ type: 'text', text: '{"b":2}' }] })).toEqual({ b: 2 })
    const image = { type: 'image', data: 'aGk=', mimeType: 'image/png' }
    expect(await resultOf({ content: [{ type: 'text', text: 'see' }, image] })).toBe(
      'see\n(image of the type image/png)',
    )
    const error = { isError: true, content: [{ type: 'text', text: 'no such city' }] }
    await expect(resultOf(error)).rejects.toThrow('no such city')
  })

  test('images, audio and resources are also files', async ({ server, client }) => {
    const content = [
      { type: 'text', text: 'see' },
      { type: 'image', data: 'aGk=', mimeType: 'image/png' },
      { type: 'audio', data: 'aGk=', mimeType: 'audio/wav' },
      { type: 'resource', resource: { uri: 'file:///a.txt', text: 'the text' } },
      { type: 'resource', resource: { uri: 'file:///b.pdf', blob: 'JVBE' } },
    ] as const
    server.answer(() => ({ content: [...content] }))
    const texts = ['see', '(image of the type image/png)', '(audio of the type audio/wav)']
    expect(await client.call(at(server.url), call, options())).toEqual({
      result: [...texts, 'the text', '(file file:///b.pdf)'].join('\n'),
      files: [
        { mimeType: 'image/png', bytes: 'aGk=' },
        { mimeType: 'audio/wav', bytes: 'aGk=' },
        { mimeType: '', bytes: 'JVBE' },
      ],
    })
  })

  test('a call that takes too long fails with an error that says that it may have had an effect', async ({
    server,
    client,
  }) => {
    server.answer(() => undefined)
    const slow = client.call(at(server.url), call, { ...options(), timeoutMs: 2_000 })
    await expect(slow).rejects.toThrow(/timed out.*may have had its effect/i)
  })

  test('a call that is aborted is cancelled at the server', async ({ server, client }) => {
    server.answer(() => undefined)
    const controller = new AbortController()
    const stopped = client.call(at(server.url), call, options(controller.signal))
    await expect.poll(() => server.calls.length).toBe(1)
    controller.abort(new Error('cancelled'))
    await expect(stopped).rejects.toThrow('cancelled')
    if (transport === 'sse') await expect.poll(() => server.calls[0]?.cancelled).toBe(true)
  })

  test('a connection that breaks at once is made again, and no request is sent twice', async ({
    server,
    client,
  }) => {
    server.failNext(1, 'reset')
    const answer = await client.call(at(server.url), call, options())
    expect(answer.result).toBe('hi')
    expect(server.calls).toHaveLength(1)
  })

  test('a refusal of a server is not retried', async ({ server, client }) => {
    server.failNext(5, 401)
    await expect(client.call(at(server.url), call, options())).rejects.toThrow(/401|unauthorized/i)
    expect(server.calls).toEqual([])
  })

  test('an address that is not public is not reached', async ({ server }) => {
    const client = createMcpClient({ allow: parseHostAllowList([]), resolve })
    await expect(client.list(at(server.url), options())).rejects.toThrow('not public')
  })

  test('a name of an address that is not public is not reached', async () => {
    const client = createMcpClient({
      allow: parseHostAllowList([]),
      resolve: () => Promise.resolve(['127.0.0.1']),
    })
    await expect(client.list(at('http://mcp.example'), options())).rejects.toThrow('not public')
  })

  test('a redirect is not followed', async ({ server, client }) => {
    server.failNext(1, 302)
    await expect(client.list(at(server.url), options())).rejects.toThrow('redirects')
  })

  test('more values than may be parsed are not read', async ({ server, client }) => {
    const structuredContent = { list: Array<number>(limits.jsonValues).fill(0) }
    server.answer(() => ({ content: [], structuredContent }))
    await expect(client.call(at(server.url), call, options())).rejects.toThrow(
      /more than 100000 values|may have had/,
    )
  })

  test('a text that would take long to parse is an error of the tool', async ({
    server,
    client,
  }) => {
    const text = `[${'1,'.repeat(limits.jsonValues)}1]`
    server.answer(() => ({ content: [{ type: 'text', text }] }))
    await expect(client.call(at(server.url), call, options())).rejects.toThrow(
      'the result holds more than 100000 values',
    )
  })

  test('a result with too many parts is refused, and of many tools the first are listed', async ({
    server,
    client,
  }) => {
    const parts = Array.from({ length: limits.parts + 1 }, () => ({
      type: 'text' as const,
      text: '',
    }))
    server.answer(() => ({ content: parts }))
    await expect(client.call(at(server.url), call, options())).rejects.toThrow('not one of MCP')
    server.answer(() => ({ content: parts.slice(1) }))
    await expect(client.call(at(server.url), call, options())).resolves.toBeDefined()
    server.setTools(
      Array.from({ length: limits.mcpTools + 9 }, (_, i) => ({ name: `t${i}` })),
      10_000,
    )
    expect(await client.list(at(server.url), options())).toHaveLength(limits.mcpTools)
  })

  test('no more bytes than the limit are read', async ({ server, client }) => {
    server.answer(() => ({ content: [{ type: 'text', text: 'x'.repeat(5 * 1024 * 1024) }] }))
    await expect(client.call(at(server.url), call, options())).rejects.toThrow(
      /more than|may have had/,
    )
  })
})

describe('a session ends when the server causes endless requests', () => {
  const info = { protocolVersion: '2025-06-18', serverInfo: { name: 't', version: '1' } }
  const pings = Array.from({ length: 2 * limits.mcpRequests }, (_, id) =>
    JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' }),
  )
  test.for([
    ['by connections to resume', 'retry: 0\nid: 1\ndata:\n\n'],
    ['by requests to answer', pings.map((ping) => `data: ${ping}\n\n`).join('')],
  ])('%s', async ([, stream = ''], { client }) => {
    const server = await startScriptedServer()
    onTestFinished(() => server.close())
    const events = { headers: { 'content-type': 'text/event-stream' }, body: stream }
    server.reply(({ method, body }) => {
      if (method !== 'POST') return stream.startsWith('retry') ? events : { status: 405 }
      const { id, method: asked } = JSON.parse(body) as { id?: number; method?: string }
      if (id === undefined || asked === undefined) return { status: 202 }
      if (asked !== 'initialize') return events
      return { body: { jsonrpc: '2.0', id, result: { ...info, capabilities: { tools: {} } } } }
    })
    const target: McpTarget = { url: `${server.url}/mcp`, transport: 'http', headers: {} }
    const patient = { ...options(), timeoutMs: 600_000 }
    await expect(client.call(target, call, patient)).rejects.toThrow('requests')
    expect(server.requests.length).toBeLessThanOrEqual(limits.mcpRequests)
  })
})

test('the error of an answer that is not MCP does not quote a library', async ({ client }) => {
  const server = await startScriptedServer()
  onTestFinished(() => server.close())
  const info = { protocolVersion: '2025-06-18', serverInfo: { name: 't', version: '1' } }
  server.reply(({ method, body }) => {
    if (method !== 'POST') return { status: 405 }
    const { id, method: asked } = JSON.parse(body) as { id?: number; method: string }
    if (id === undefined) return { status: 202 }
    const result =
      asked === 'initialize'
        ? { ...info, capabilities: { tools: {} } }
        : { content: [{ type: 'text', text: 7 }], tools: 'none' }
    return { body: { jsonrpc: '2.0', id, result } }
  })
  const target: McpTarget = { url: `${server.url}/mcp`, transport: 'http', headers: {} }
  await expect(client.call(target, call, options())).rejects.toThrow(
    /^the server's answer is not one of MCP; the call may have had its effect$/,
  )
  await expect(client.list(target, options())).rejects.toThrow(
    /^the server's answer is not one of MCP$/,
  )
})
