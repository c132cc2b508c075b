import { type Agent, limits, type StoredTool } from '@longhaul/core'
import { test } from '@longhaul/testbed'
import type { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import { workspaceKeys } from '../connection/keys.ts'
import { createAgentRegistry, createToolRegistry } from './registry.ts'

const idAt = (n: number) => `01KAGPGY6M8QP8S2Z44S1K${String(n).padStart(4, '0')}`

const agent = (n: number, more: Partial<Agent> = {}): Agent => ({
  id: idAt(n),
  key: `agent-${n}`,
  version: '1.0.0',
  createdAt: 1,
  updatedAt: 1,
  path: 'P',
  role: 'r',
  description: 'd',
  instructions: '',
  engine: 'text',
  variables: {},
  model: { id: 'openai/m' },
  fallbacks: [],
  tools: [],
  toolApproval: 'respect_tool',
  maxIterations: 100,
  maxExecutionSeconds: 600,
  echo: {},
  ...more,
})

const some = async (redis: Redis, count: number) => {
  const agents = createAgentRegistry(redis)
  for (let n = 1; n <= count; n++) await agents.create('acme', agent(n))
  return agents
}

const numbers = ({ items, more }: { items: Agent[]; more: boolean }) => ({
  items: items.map(({ id }) => Number(id.slice(-4))),
  more,
})

describe('create and get', () => {
  test('an item is found by its id and by its key', async ({ redis }) => {
    const agents = createAgentRegistry(redis)
    expect(await agents.create('acme', agent(1))).toBe('created')
    expect(await agents.get('acme', idAt(1))).toEqual(agent(1))
    expect(await agents.get('acme', 'agent-1')).toEqual(agent(1))
    expect(await agents.idOf('acme', 'agent-1')).toBe(idAt(1))
    expect(await agents.idOf('acme', idAt(1))).toBe(idAt(1))
  })

  test('an item has no lone surrogates, also one that an earlier version has stored', async ({
    redis,
  }) => {
    const broken = agent(1, { instructions: 'a\ud800b' })
    const agents = createAgentRegistry(redis)
    await agents.create('acme', broken)
    const key = workspaceKeys('acme').item('agent', broken.id)
    expect(await redis.hget(key, 'latest')).toContain('a\ufffdb')
    await redis.hset(key, 'latest', JSON.stringify(broken))
    expect(await agents.get('acme', broken.id)).toMatchObject({ instructions: 'a\ufffdb' })
  })

  test('an unknown item, or one of another workspace, is not found', async ({ redis }) => {
    const agents = await some(redis, 1)
    for (const ref of [idAt(1), 'agent-1']) {
      expect(await agents.get('other', ref)).toBeUndefined()
      expect(await agents.idOf('other', ref)).toBeUndefined()
    }
    for (const ref of [idAt(2), 'agent-2', '', '__proto__', 'x}:y', '*', 's:names']) {
      expect(await agents.get('acme', ref)).toBeUndefined()
      expect(await agents.idOf('acme', ref)).toBeUndefined()
    }
    expect(await agents.versions('other', idAt(1), {})).toBeUndefined()
    expect(await agents.remove('other', idAt(1))).toBe(false)
    expect(await agents.update('other', agent(1, { version: '2.0.0' }), '1.0.0')).toBe('not_found')
  })

  test('a key is taken once in a workspace', async ({ redis }) => {
    const agents = await some(redis, 1)
    expect(await agents.create('acme', agent(2, { key: 'agent-1' }))).toBe('taken')
    expect(await agents.create('other', agent(3, { key: 'agent-1' }))).toBe('created')
  })

  test('a create that is sent twice is created, and changes nothing', async ({ redis }) => {
    const agents = await some(redis, 1)
    await agents.update('acme', agent(1, { version: '1.0.1', role: 'new' }), '1.0.0')
    expect(await agents.create('acme', agent(1))).toBe('created')
    expect((await agents.get('acme', 'agent-1'))?.role).toBe('new')
  })

  test('one of two concurrent creates with the same key succeeds', async ({ redis }) => {
    const agents = createAgentRegistry(redis)
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map((n) => agents.create('acme', agent(n, { key: 'same' }))),
    )
    expect(outcomes.toSorted()).toEqual(['created', 'taken', 'taken', 'taken'])
    expect((await agents.list('acme', {})).items).toHaveLength(1)
  })
})

describe('versions', () => {
  test('each stays, and can be read', async ({ redis }) => {
    const agents = await some(redis, 1)
    await agents.update('acme', agent(1, { version: '1.0.1', role: 'b' }), '1.0.0')
    await agents.update('acme', agent(1, { version: '1.10.0', role: 'c' }), '1.0.1')
    await agents.update('acme', agent(1, { version: '1.11.0', role: 'd' }), '1.10.0')
    const roles = ['1.0.0', '1.0.1', '1.10.0', '1.11.0'].map(
      async (version) => (await agents.get('acme', 'agent-1', version))?.role,
    )
    expect(await Promise.all(roles)).toEqual(['r', 'b', 'c', 'd'])
    expect((await agents.get('acme', idAt(1)))?.role).toBe('d')
    for (const version of ['9.9.9', '', 'latest', 'key', '1.0', '1.0.0.0']) {
      expect(await agents.get('acme', 'agent-1', version)).toBeUndefined()
    }
  })

  test('are listed in pages, newest first', async ({ redis }) => {
    const agents = await some(redis, 1)
    const all = ['1.0.0', '1.0.2', '1.0.10', '2.0.0', '10.0.0']
    for (const [i, version] of all.slice(1).entries()) {
      await agents.update('acme', agent(1, { version }), all[i] ?? '')
    }
    const page = async (request: object) => {
      const found = await agents.versions('acme', idAt(1), request)
      return { items: found?.items.map(({ version }) => version), more: found?.more }
    }
    expect(await page({})).toEqual({ items: all.toReversed(), more: false })
    expect(await page({ limit: 2 })).toEqual({ items: ['10.0.0', '2.0.0'], more: true })
    expect(await page({ limit: 2, after: '2.0.0' })).toEqual({
      items: ['1.0.10', '1.0.2'],
      more: true,
    })
    expect(await page({ limit: 2, after: '1.0.2' })).toEqual({ items: ['1.0.0'], more: false })
    expect(await page({ limit: 2, before: '1.0.2' })).toEqual({
      items: ['2.0.0', '1.0.10'],
      more: true,
    })
  })

  test('an update applies only to the version that it has seen', async ({ redis }) => {
    const agents = await some(redis, 1)
    const outcomes = await Promise.all(
      ['a', 'b', 'c'].map((role) =>
        agents.update('acme', agent(1, { version: '1.0.1', role }), '1.0.0'),
      ),
    )
    expect(outcomes.toSorted()).toEqual(['stale', 'stale', 'updated'])
  })

  test('an update that is sent twice is updated, and changes nothing', async ({ redis }) => {
    const agents = await some(redis, 1)
    const next = agent(1, { version: '1.0.1' })
    expect(await agents.update('acme', next, '1.0.0')).toBe('updated')
    expect(await agents.update('acme', next, '1.0.0')).toBe('updated')
    expect((await agents.versions('acme', idAt(1), {}))?.items).toHaveLength(2)
  })
})

describe('keys', () => {
  test('a rename moves the key and frees the old one', async ({ redis }) => {
    const agents = await some(redis, 2)
    const renamed = agent(1, { version: '1.0.1', key: 'new' })
    expect(await agents.update('acme', renamed, '1.0.0')).toBe('updated')
    expect(await agents.get('acme', 'agent-1')).toBeUndefined()
    expect((await agents.get('acme', 'new'))?.id).toBe(idAt(1))
    expect(await agents.create('acme', agent(3, { key: 'agent-1' }))).toBe('created')
  })

  test('a rename to a taken key is refused and changes nothing', async ({ redis }) => {
    const agents = await some(redis, 2)
    const renamed = agent(1, { version: '1.0.1', key: 'agent-2' })
    expect(await agents.update('acme', renamed, '1.0.0')).toBe('taken')
    expect((await agents.get('acme', 'agent-1'))?.version).toBe('1.0.0')
    expect((await agents.get('acme', 'agent-2'))?.id).toBe(idAt(2))
  })

  test('a removed item is deleted completely, and its key is free', async ({ redis }) => {
    const agents = await some(redis, 1)
    await agents.update('acme', agent(1, { version: '1.0.1' }), '1.0.0')
    expect(await agents.remove('acme', idAt(1))).toBe(true)
    expect(await agents.remove('acme', idAt(1))).toBe(false)
    expect(await agents.get('acme', 'agent-1')).toBeUndefined()
    expect(await agents.update('acme', agent(1, { version: '2.0.0' }), '1.0.1')).toBe('not_found')
    expect(await redis.keys('*')).toEqual([])
    expect(await agents.create('acme', agent(2, { key: 'agent-1' }))).toBe('created')
  })

  test('the name of a removed item is known by key and by id, if it is kept', async ({ redis }) => {
    const agents = await some(redis, 2)
    await agents.remove('acme', idAt(1), { keepName: true })
    await agents.remove('acme', idAt(2))
    const known = { id: idAt(1), key: 'agent-1' }
    for (const ref of Object.values(known)) expect(await agents.former('acme', ref)).toEqual(known)
    for (const ref of ['agent-2', idAt(2), 'agent-3']) {
      expect(await agents.former('acme', ref)).toBeUndefined()
    }
    expect(await agents.former('other', 'agent-1')).toBeUndefined()
  })

  test('a key leads to the removed item that had it last; older removals are dropped', async ({
    redis,
  }) => {
    const agents = createAgentRegistry(redis, { bounds: { ...limits.workspace, agents: 2 } })
    for (const [number, key] of [
      [1, 'a'],
      [2, 'b'],
      [3, 'a'],
    ] as const) {
      await agents.create('acme', agent(number, { key }))
      await agents.remove('acme', idAt(number), { keepName: true })
    }
    expect(await agents.former('acme', idAt(1))).toBeUndefined()
    expect(await agents.former('acme', 'a')).toEqual({ id: idAt(3), key: 'a' })
    expect(await agents.former('acme', 'b')).toEqual({ id: idAt(2), key: 'b' })
  })
})

describe('list', () => {
  test('runs from the newest to the oldest, in pages', async ({ redis }) => {
    const agents = await some(redis, 5)
    const page = async (request: object) => numbers(await agents.list('acme', request))
    expect(await page({})).toEqual({ items: [5, 4, 3, 2, 1], more: false })
    expect(await page({ limit: 2 })).toEqual({ items: [5, 4], more: true })
    expect(await page({ limit: 2, after: idAt(4) })).toEqual({ items: [3, 2], more: true })
    expect(await page({ limit: 2, after: idAt(2) })).toEqual({ items: [1], more: false })
    expect(await page({ limit: 5 })).toEqual({ items: [5, 4, 3, 2, 1], more: false })
    expect(await page({ limit: 2, before: idAt(1) })).toEqual({ items: [3, 2], more: true })
    expect(await page({ limit: 3, before: idAt(2) })).toEqual({ items: [5, 4, 3], more: false })
    expect(await page({ before: idAt(3) })).toEqual({ items: [5, 4], more: false })
    expect(await page({ after: idAt(5), before: idAt(1), limit: 2 })).toEqual({
      items: [4, 3],
      more: true,
    })
  })

  test('a cursor need not exist: the id of a removed item, or of another workspace, is valid', async ({
    redis,
  }) => {
    const agents = await some(redis, 5)
    await agents.remove('acme', idAt(3))
    await agents.create('other', agent(6))
    const page = async (request: object) => numbers(await agents.list('acme', request))
    expect(await page({ limit: 9, after: idAt(3) })).toEqual({ items: [2, 1], more: false })
    expect(await page({ limit: 9, after: idAt(6) })).toEqual(await page({ after: idAt(7) }))
    expect(numbers(await agents.list('other', {}))).toEqual({ items: [6], more: false })
    expect(numbers(await agents.list('nobody', {}))).toEqual({ items: [], more: false })
  })

  test('without a limit it is complete, however long', async ({ redis }) => {
    const agents = createAgentRegistry(redis)
    await Promise.all(Array.from({ length: 450 }, (_, n) => agents.create('acme', agent(n))))
    const { items, more } = numbers(await agents.list('acme', {}))
    expect(items).toEqual(Array.from({ length: 450 }, (_, n) => 449 - n))
    expect(more).toBe(false)
  })
})

test('tools are separate from agents', async ({ redis }) => {
  const tools = createToolRegistry(redis)
  const tool: StoredTool = {
    id: `tool_${idAt(1)}`,
    key: 'agent-1',
    version: '1.0.0',
    createdAt: 1,
    updatedAt: 1,
    path: 'P',
    description: '',
    status: 'live',
    definition: { type: 'function', function: { name: 'f' } },
  }
  await some(redis, 1)
  expect(await tools.create('acme', tool)).toBe('created')
  expect(await tools.get('acme', tool.id)).toEqual(tool)
  expect(await tools.get('acme', 'agent-1')).toEqual(tool)
  expect(await tools.get('acme', idAt(1))).toBeUndefined()
})

test('all keys of a workspace share one slot', async ({ redis }) => {
  await some(redis, 1)
  const keys = await redis.keys('*')
  expect(keys).toHaveLength(4)
  expect(keys.every((key) => key.startsWith('{lh:w:acme}:'))).toBe(true)
})
