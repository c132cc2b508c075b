import type { McpServer, StoredTool } from '@longhaul/core'
import { test } from '@longhaul/testbed'
import type { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import { workspaceKeys } from '../connection/keys.ts'
import { createMcpServerRegistry, createToolRegistry } from './registry.ts'

const bounds = { agents: 3, tools: 3, mcpServers: 3, versions: 3, definitionBytes: 10_000 }

const tool = (n: number, more: Partial<StoredTool> = {}): StoredTool => ({
  id: `tool_01KAGPGY6M8QP8S2Z44S1K000${n}`,
  key: `tool-${n}`,
  version: '1.0.0',
  createdAt: 1,
  updatedAt: 1,
  path: 'P',
  status: 'live',
  description: 'd',
  definition: { type: 'function', function: { name: 'f' } },
  ...more,
})

const server = (more: Partial<McpServer> = {}): McpServer => ({
  id: 'mcp_01KAGPGY6M8QP8S2Z44S1K0001',
  key: 'server-1',
  version: '1.0.0',
  createdAt: 1,
  updatedAt: 1,
  displayName: 's',
  url: 'https://mcp.example',
  transport: 'http',
  exposure: { mode: 'all' },
  headers: {},
  tools: [],
  sync: { status: 'pending', added: 0, removed: 0, errors: [] },
  echo: {},
  ...more,
})

const refusal = (policy: string) => ({
  code: 'rate_limited',
  details: { violated_policies: [policy] },
})

const counted = async (redis: Redis) =>
  Number(await redis.get(workspaceKeys('acme').definitionBytes))

const bytes = (...items: object[]) =>
  items.reduce((sum, item) => sum + Buffer.byteLength(JSON.stringify(item)), 0)

describe('a workspace at its limit of items', () => {
  test('adds no other item, and changes existing ones', async ({ redis }) => {
    const tools = createToolRegistry(redis, { bounds })
    for (const n of [1, 2, 3]) expect(await tools.create('acme', tool(n))).toBe('created')
    await expect(tools.create('acme', tool(4))).rejects.toMatchObject(refusal('tools'))
    expect((await tools.list('acme', {})).items).toHaveLength(3)
    // A repetition whose reply was lost, a key that is taken, a change, and another workspace.
    expect(await tools.create('acme', tool(1))).toBe('created')
    expect(await tools.create('acme', tool(5, { key: 'tool-1' }))).toBe('taken')
    expect(await tools.update('acme', tool(1, { version: '1.0.1' }), '1.0.0')).toBe('updated')
    expect(await tools.create('other', tool(4))).toBe('created')
    expect(await tools.remove('acme', tool(2).id)).toBe(true)
    expect(await tools.create('acme', tool(4))).toBe('created')
  })

  test('keeps its items when the bound is lower than their number', async ({ redis }) => {
    const before = createToolRegistry(redis)
    for (const n of [1, 2, 3]) await before.create('acme', tool(n))
    const tools = createToolRegistry(redis, { bounds: { ...bounds, tools: 1 } })
    expect(await tools.get('acme', 'tool-3')).toEqual(tool(3))
    expect(await tools.update('acme', tool(3, { version: '1.0.1' }), '1.0.0')).toBe('updated')
    await expect(tools.create('acme', tool(4))).rejects.toMatchObject(refusal('tools'))
  })
})

test('an item has a limit of versions, and is not changed above it', async ({ redis }) => {
  const tools = createToolRegistry(redis, { bounds })
  await tools.create('acme', tool(1))
  const change = (version: string, from: string) =>
    tools.update('acme', tool(1, { version, description: version }), from)
  await change('1.0.1', '1.0.0')
  await change('1.0.2', '1.0.1')
  await expect(change('1.0.3', '1.0.2')).rejects.toMatchObject(refusal('versions'))
  // A repetition whose reply was lost.
  expect(await change('1.0.2', '1.0.1')).toBe('updated')
  expect((await tools.get('acme', 'tool-1'))?.version).toBe('1.0.2')
  expect((await tools.versions('acme', tool(1).id, {}))?.items).toHaveLength(3)
})

describe('the bytes of all definitions', () => {
  test('are counted up and down, and repetitions do not count', async ({ redis }) => {
    const tools = createToolRegistry(redis, { bounds })
    const changed = tool(1, { version: '1.0.1', description: 'é'.repeat(50) })
    for (let twice = 0; twice < 2; twice += 1) {
      await tools.create('acme', tool(1))
      await tools.create('acme', tool(2))
    }
    for (let twice = 0; twice < 2; twice += 1) await tools.update('acme', changed, '1.0.0')
    expect(await counted(redis)).toBe(bytes(tool(1), changed, tool(2)))
    for (let twice = 0; twice < 2; twice += 1) await tools.remove('acme', tool(1).id)
    expect(await counted(redis)).toBe(bytes(tool(2)))
    await tools.remove('acme', tool(2).id)
    expect(await counted(redis)).toBe(0)
  })

  test('have a limit for new items and for new versions', async ({ redis }) => {
    const large = { description: 'x'.repeat(6_000) }
    const tools = createToolRegistry(redis, { bounds })
    await tools.create('acme', tool(1, large))
    await expect(tools.create('acme', tool(2, large))).rejects.toMatchObject(
      refusal('definition_bytes'),
    )
    await expect(
      tools.update('acme', tool(1, { ...large, version: '1.0.1' }), '1.0.0'),
    ).rejects.toMatchObject(refusal('definition_bytes'))
    expect(await tools.get('acme', 'tool-2')).toBeUndefined()
    expect(await counted(redis)).toBe(bytes(tool(1, large)))
  })

  test('leave out what an older version of the product has stored', async ({ redis }) => {
    const tools = createToolRegistry(redis, { bounds })
    const { item, definitionBytes } = workspaceKeys('acme')
    await tools.create('acme', tool(1))
    await redis.hdel(item('tool', tool(1).id), 'bytes')
    await redis.del(definitionBytes)
    const [second, third] = ['1.0.1', '1.0.2'].map((version) => tool(1, { version }))
    await tools.update('acme', second!, '1.0.0')
    await tools.update('acme', third!, '1.0.1')
    expect(await counted(redis)).toBe(bytes(second!, third!))
    await expect(
      tools.update('acme', tool(1, { version: '1.0.3' }), '1.0.2'),
    ).rejects.toMatchObject(refusal('versions'))
    await tools.remove('acme', tool(1).id)
    expect(await counted(redis)).toBe(0)
  })
})

test('an MCP server keeps its newest version only, however often it is synced', async ({
  redis,
}) => {
  const servers = createMcpServerRegistry(redis, { bounds })
  await servers.create('acme', server())
  for (let n = 1; n <= 10; n += 1) {
    const next = server({ version: `1.0.${n}`, updatedAt: n })
    expect(await servers.update('acme', next, `1.0.${n - 1}`)).toBe('updated')
    expect(await servers.get('acme', 'server-1')).toEqual(next)
    expect(await counted(redis)).toBe(bytes(next))
  }
  expect((await servers.versions('acme', server().id, {}))?.items).toHaveLength(1)
})
