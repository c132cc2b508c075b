import { type Agent, limits } from '@longhaul/core'
import { volume } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { test } from '../log/metered.fixture.ts'
import { createAgentRegistry } from './registry.ts'

/** The number of agents of 0.9 MB in a workspace: more than fit into a page. */
const count = volume({ short: 11, long: 60 })
const size = 900 * 1024

describe('a workspace with many large agents', () => {
  test('returns their ids and keys without loading them', async ({ redis, usual, large, bulk }) => {
    const stored = await store(createAgentRegistry(redis))
    const agents = createAgentRegistry(usual, { bulk })
    const names = stored.map(({ id, key }) => ({ id, key })).toReversed()
    expect(await agents.keys('acme')).toEqual(names)
    expect(await agents.keyOf('acme', names[0]?.id ?? '')).toBe(names[0]?.key)
    expect(usual.measured().all).toBeLessThan(10_000)
    expect(large.commands).toEqual([])
  })

  test.for([{ limit: undefined }, { limit: 200 }])(
    'lists them in pages, forwards and backwards, and a page ends when it is full: %o',
    async ({ limit }, { redis, usual, large, bulk }) => {
      const stored = await store(createAgentRegistry(redis))
      const agents = createAgentRegistry(usual, { bulk })
      const seen: string[] = []
      for (let more = true; more;) {
        const page = await agents.list('acme', { limit, after: seen.at(-1) })
        expect(page.items.length).toBeLessThanOrEqual(limits.listBytes / size)
        seen.push(...page.items.map(({ id }) => id))
        more = page.more
      }
      expect(seen).toEqual(stored.map(({ id }) => id).toReversed())
      expect(usual.measured().most).toBeLessThan(10_000)
      expect(large.measured().most).toBeLessThan(limits.definition)

      const [first] = stored
      const back = await agents.list('acme', { limit: 200, before: first?.id })
      const newer = stored.slice(1, back.items.length + 1).map(({ id }) => id)
      expect(back.items.map(({ id }) => id)).toEqual(newer.toReversed())
      expect(back).toMatchObject({ more: true })
    },
  )

  test('of medium size are read on the bulk connection, one alone or a page of them', async ({
    redis,
    usual,
    large,
    bulk,
  }) => {
    const stored = await store(createAgentRegistry(redis), 4, 250 * 1024)
    const agents = createAgentRegistry(usual, { bulk })
    const [first] = stored
    expect(await agents.get('acme', first?.id ?? '')).toEqual(first)
    expect((await agents.list('acme', { limit: 1 })).items).toHaveLength(1)
    expect(usual.measured().all).toBeLessThan(10_000)
    expect(large.measured().all).toBeGreaterThan(500 * 1024)
  })

  test('lists the versions of one in pages', async ({ redis, usual, bulk }) => {
    const agents = createAgentRegistry(usual, { bulk })
    const [agent] = await store(createAgentRegistry(redis), 1)
    if (agent === undefined) throw new Error('no agent')
    for (let patch = 1; patch < count; patch += 1) {
      const [from, version] = [`1.0.${patch - 1}`, `1.0.${patch}`]
      await agents.update('acme', { ...agent, version }, from)
    }
    const seen: string[] = []
    for (let more = true; more;) {
      const page = await agents.versions('acme', agent.id, { after: seen.at(-1) })
      seen.push(...(page?.items ?? []).map(({ version }) => version))
      more = page?.more ?? false
    }
    expect(seen).toEqual(Array.from({ length: count }, (_, at) => `1.0.${count - 1 - at}`))
    const back = await agents.versions('acme', agent.id, { before: '1.0.0' })
    expect(back?.items.at(-1)?.version).toBe('1.0.1')
    expect(back?.more).toBe(true)
    expect(usual.measured().most).toBeLessThan(10_000)
  })
})

async function store(
  agents: ReturnType<typeof createAgentRegistry>,
  many = count,
  each = size,
): Promise<Agent[]> {
  const stored = Array.from({ length: many }, (_, at) => agentOf(at, each))
  for (const agent of stored) await agents.create('acme', agent)
  return stored
}

function agentOf(at: number, length: number): Agent {
  return {
    id: `01KAGPGY6M8QP8S2Z44S1K${String(at).padStart(4, '0')}`,
    key: `large-${at}`,
    version: '1.0.0',
    createdAt: 1,
    updatedAt: 1,
    path: 'P',
    role: 'r',
    description: 'd',
    instructions: 'x'.repeat(length),
    engine: 'text',
    variables: {},
    model: { id: 'openai/m' },
    fallbacks: [],
    tools: [],
    toolApproval: 'respect_tool',
    maxIterations: 100,
    maxExecutionSeconds: 600,
    echo: {},
  }
}
