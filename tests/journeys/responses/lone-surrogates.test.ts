import { keysOf, openRedis } from '@longhaul/testbed'
import { startScriptedServer } from '@longhaul/testbed'
import { expect } from 'vitest'
import { test as base } from '../../support/orq-test.ts'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { ask, listen, only, script, textOf, user } from '../../support/orq-requests.ts'

// The scripted model answers 400 to a request with a lone surrogate, as strict vendors do.

const test = base
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    return service
  })
  /** Agents of several vendors with one tool, which calls the service. */
  .extend('clerks', async ({ orq, service }) => {
    const key = newKey('lookup')
    await orq.tools.create({
      type: 'http',
      key,
      path: 'Default',
      description: 'Looks something up.',
      http: {
        blueprint: { url: `${service.url}/find`, method: 'POST', body: { words: '{{words}}' } },
        arguments: {
          words: { type: 'string', description: 'What to look for.', defaultValue: '' },
        },
      },
    })
    const settings = { tools: [{ type: 'http' as const, key }] }
    const models = ['openai/scripted', 'anthropic/scripted', 'google/scripted']
    const agents = models.map(async (model) => {
      const agent = await orq.agents.create({ ...newAgent(), model, settings })
      return agent.key
    })
    return { tool: key, agents: await Promise.all(agents) }
  })

test.for([
  { name: 'a long text that is cut for the model within a pair', body: `x${'😀'.repeat(60_000)}` },
  { name: 'a text with half a pair', body: '"a\\ud800b"' },
  { name: 'JSON with half a pair in a text', body: '{"text":"a\\ud800b"}' },
  { name: 'JSON with half a pair in a name', body: '{"a\\udc00":1}' },
])(
  'after a tool has answered $name, the turn completes and the task continues',
  async ({ body }, { orq, clerks, service }) => {
    service.reply(() => ({ body, headers: { 'content-type': 'application/json' } }))
    for (const agent of clerks.agents) {
      const calls = [{ id: 'c1', name: clerks.tool, arguments: {} }]
      const reply = await ask(orq, agent, script({ calls }, { text: 'Found.' }))
      expect(textOf(reply)).toBe('Found.')
      const next = await ask(orq, agent, { ...user('Thanks.'), taskId: reply.taskId })
      expect(textOf(next)).toBe('You said: Thanks.')
    }
  },
)

test('an answer of a tool with half a pair is recorded with U+FFFD', async ({
  orq,
  cluster,
  clerks,
  service,
}) => {
  service.reply(() => ({ body: '{"text":"a\\ud800b"}' }))
  const calls = [{ id: 'c1', name: clerks.tool, arguments: {} }]
  const [agent = ''] = clerks.agents
  const { taskId } = await ask(orq, agent, script({ calls }, { text: 'Found.' }))
  const { body } = await cluster.call('GET', `/v2/agents/${agent}/responses/${taskId}/log`)
  expect(body['data']).toContainEqual(
    expect.objectContaining({ type: 'tool.returned', result: { text: 'a\ufffdb' } }),
  )
})

test('arguments of a call with half a pair reach the tool and the next request with U+FFFD', async ({
  orq,
  clerks,
  service,
}) => {
  service.reply(() => ({ body: { ok: true } }))
  for (const agent of clerks.agents) {
    service.requests.length = 0
    const calls = [{ id: 'c1', name: clerks.tool, arguments: { words: 'a\ud800b' } }]
    const reply = await ask(orq, agent, script({ calls }, { text: 'Found.' }))
    expect(textOf(reply)).toBe('Found.')
    expect(service.requests).toMatchObject([{ body: '{"words":"a\ufffdb"}' }])
  }
})

test('a pair that a vendor splits between two deltas arrives whole', async ({ orq, agent }) => {
  const pieces = ['a\ud83d', '\ude00b', 'c\ud83d\ude00', '\ud83d']
  const events = await listen(orq, agent, script({ text: pieces, chunkDelay: 100 }))
  const deltas = only(events, 'part.delta').map(({ data }) => data.delta)
  const texts = deltas.map((delta) => ('text' in delta ? delta.text : ''))
  expect(texts.join('')).toBe('a😀bc😀\ufffd')
  const [done] = only(events, 'part.done')
  expect(done?.data.part).toMatchObject({ text: 'a😀bc😀\ufffd' })
})

test('a task whose log has lone surrogates of an earlier version continues', async ({
  orq,
  cluster,
  clerks,
  service,
}) => {
  service.reply(() => ({ body: { text: 'a(half)b' } }))
  const calls = [{ id: 'c1', name: clerks.tool, arguments: { words: '(half)' } }]
  const redis = openRedis(cluster.redisUrl)
  for (const agent of clerks.agents) {
    const { taskId } = await ask(orq, agent, script({ calls }, { text: 'Found (half).' }))
    const [log = ''] = await keysOf(redis, `*:task:${taskId}:log`)
    for (const [at, fact] of (await redis.lrange(log, 0, -1)).entries()) {
      // JSON within JSON has its backslashes doubled.
      const old = fact
        .replaceAll('\\"(half)\\"', String.raw`\"\\ud800\"`)
        .replaceAll('(half)', String.raw`\ud800`)
      await redis.lset(log, at, old)
    }
    const reply = await ask(orq, agent, { ...user('Thanks.'), taskId })
    expect(textOf(reply)).toBe('You said: Thanks.')
    const { body } = await cluster.call(
      'GET',
      `/v2/agents/${agent}/responses/${taskId}?include=messages`,
    )
    expect(JSON.stringify(body)).toContain('a\ufffdb')
    expect(JSON.stringify(body)).not.toMatch(/(?<!\\)\\ud800/)
  }
  redis.disconnect()
})
