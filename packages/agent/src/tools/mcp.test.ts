import type { PlanTool } from '@longhaul/core'
import { startMcpServer } from '@longhaul/testbed'
import { expect, onTestFinished, test } from 'vitest'
import { runTool, type ToolOutcome } from './run-tool.ts'
import { callNobody, servicesFor } from './services.fixture.ts'

const png = Buffer.from('\x89PNG\r\n\x1a\n and a picture', 'latin1').toString('base64')

test('an answer of an MCP server shows neither its secrets nor those of the turn', async () => {
  const text = 'secret-of-the-server and secret-of-the-caller'
  const outcome = await outcomeOf([{ type: 'text', text }])
  expect(outcome).toEqual({ ok: true, result: '[secret] and [secret]' })
})

test('the files that models read are files of the result, by the type that their bytes show', async () => {
  const outcome = await outcomeOf([
    { type: 'text', text: 'see' },
    { type: 'image', data: png, mimeType: 'image/gif' },
    { type: 'resource', resource: { uri: 'file:///a.png', blob: png } },
    { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' },
  ])
  expect(outcome).toEqual({
    ok: true,
    result: [
      'see',
      '(image of the type image/gif)',
      '(file file:///a.png)',
      '(audio of the type audio/wav)',
      '[left out, since no model reads it: audio/wav]',
    ].join('\n'),
    files: [png, png].map((bytes) => ({ mimeType: 'image/png', bytes })),
  })
})

test('a file that contains a secret is a failure', async () => {
  const bytes = Buffer.from(`\x89PNG\r\n\x1a\n by secret-of-the-server`, 'latin1')
  const outcome = await outcomeOf([
    { type: 'image', data: bytes.toString('base64'), mimeType: 'image/png' },
  ])
  const error = 'the result has a file that contains a secret'
  expect(outcome).toEqual({ ok: false, error })
})

/** The outcome of a call of an MCP server that answers with a content. */
async function outcomeOf(content: Content): Promise<ToolOutcome> {
  const server = await startMcpServer()
  onTestFinished(() => server.close())
  server.answer(() => ({ content }))
  const tool: PlanTool = {
    kind: 'mcp',
    id: 'tool_1',
    name: 'ask',
    description: '',
    parameters: {},
    tool: 'ask',
    server: {
      id: 'mcp_1',
      url: `${server.url}/mcp`,
      transport: 'http',
      headers: { authorization: { sealed: '' } },
    },
    timeoutSeconds: 5,
    onCrash: 'retry',
  }
  return await runTool(
    {},
    {
      tool,
      idempotencyKey: 'resp_1.c1',
      variables: { token: { secret: true, sealed: 'sealed:secret-of-the-caller' }, plain: 'and' },
      services: servicesFor({
        allow: ['127.0.0.1'],
        headers: { authorization: { sealed: 'sealed:secret-of-the-server' } },
      }),
      callAgent: callNobody,
      signal: new AbortController().signal,
      now: 0,
    },
  )
}

type McpServer = Awaited<ReturnType<typeof startMcpServer>>
type Content = NonNullable<Awaited<ReturnType<Parameters<McpServer['answer']>[0]>>>['content']
