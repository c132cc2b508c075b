import type { PlanTool } from '@longhaul/core'
import { startMcpServer } from '@longhaul/testbed'
import { expect, onTestFinished, test } from 'vitest'
import { runTool } from './run-tool.ts'
import { callNobody, servicesFor } from './services.fixture.ts'

test('an answer of an MCP server shows neither its secrets nor those of the turn', async () => {
  const server = await startMcpServer()
  onTestFinished(() => server.close())
  const text = 'secret-of-the-server and secret-of-the-caller'
  server.answer(() => ({ content: [{ type: 'text', text }] }))
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
  const outcome = await runTool(
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
  expect(outcome).toEqual({ ok: true, result: '[secret] and [secret]' })
})
