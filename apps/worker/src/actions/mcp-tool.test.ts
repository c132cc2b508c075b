import { startMcpServer, startScriptedServer, workerTest } from '@longhaul/testbed'
import { expect } from 'vitest'

/** An agent with `web_scraper` and the tools of an MCP server, of which `look` is read-only. */
const test = workerTest
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await startMcpServer()
    onCleanup(() => server.close())
    return server
  })
  .extend('site', { scope: 'file' }, async ({}, { onCleanup }) => {
    const site = await startScriptedServer()
    onCleanup(() => site.close())
    return site
  })
  .extend('workspace', { scope: 'file' }, async ({ lent: cluster, server }) => {
    server.setTools([{ name: 'pay' }, { name: 'look', annotations: { readOnlyHint: true } }])
    const made = await cluster.call('POST', '/v2/mcp-servers', {
      key: 'bank',
      display_name: 'Bank',
      connection: { type: 'MCP_CONNECTION_TYPE_HTTP', url: `${server.url}/mcp` },
      auth: { type: 'MCP_AUTH_TYPE_NONE' },
      default_tool_exposure: { mode: 'MCP_TOOL_EXPOSURE_MODE_ALL' },
    })
    expect(made.status).toBe(200)
    expect(await cluster.call('POST', '/v2/mcp-servers/bank:sync')).toMatchObject({ status: 200 })
    const agent = {
      key: 'clerk',
      role: 'clerk',
      description: 'd',
      instructions: 'i',
      path: 'tests',
      model: 'openai/scripted',
      settings: { tools: [{ type: 'mcp', key: 'bank' }, { type: 'web_scraper' }] },
    }
    expect(await cluster.call('POST', '/v2/agents', agent)).toMatchObject({ status: 201 })
    return cluster
  })
  /** Runs a call whose worker is killed once `begun` resolves. Resolves with the result that the model received. */
  .extend(
    'killDuring',
    ({ cluster }) =>
      async (call: object, how: { begun: () => boolean; after: () => void }) => {
        const worker = await cluster.startWorker()
        const script = [{ calls: [{ id: 'c1', ...call }] }, { text: 'done' }]
        const message = {
          role: 'user',
          parts: [{ kind: 'text', text: JSON.stringify({ script }) }],
        }
        const path = '/v2/agents/clerk/responses'
        const { body } = await cluster.call('POST', path, { background: true, message })
        await expect.poll(how.begun).toBe(true)
        await worker.kill()
        await cluster.expireLeases()
        how.after()
        await cluster.startWorker()
        const task = `${path}/${String(body['task_id'])}`
        await expect
          .poll(async () => (await cluster.call('GET', task)).body['status'])
          .toBe('completed')
        const messages = cluster.model.requests.at(-1)?.body.messages
        return messages?.findLast(({ role }) => role === 'tool')?.content
      },
  )

test.for(['look', 'pay'])(
  'an MCP call of %s whose worker was killed follows the annotations of the tool',
  async (name, { server, killDuring }) => {
    server.calls.length = 0
    server.answer(() => undefined)
    const reported = await killDuring(
      { name, arguments: { text: 'x' } },
      {
        begun: () => server.calls.length === 1,
        after: () => server.answer(() => ({ content: [{ type: 'text', text: 'fine' }] })),
      },
    )
    const keys = server.calls.map(({ meta }) => meta['idempotency-key'])
    if (name === 'look') {
      expect(keys).toEqual([keys[0], keys[0]])
      expect(reported).toBe('fine')
    } else {
      expect(keys).toHaveLength(1)
      expect(reported).toContain('the outcome is unknown')
    }
  },
)

test('a page whose reader was killed is read again', async ({ site, killDuring }) => {
  site.reply(() => ({ fault: 'hang' }))
  const reported = await killDuring(
    { name: 'web_scraper', arguments: { url: `${site.url}/page` } },
    {
      begun: () => site.requests.length === 1,
      after: () => site.reply(() => ({ body: 'the page' })),
    },
  )
  expect(site.requests).toHaveLength(2)
  expect(reported).toContain('the page')
})
