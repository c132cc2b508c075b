import { limits } from '@longhaul/core'
import {
  type ScriptedReply,
  type Cluster,
  startScriptedServer,
  clusterTest,
} from '@longhaul/testbed'
import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'

const date = { type: 'current_date' }
const dateCall = { name: 'current_date', arguments: {} }
const forEver = { text: Array.from({ length: 10_000 }, () => 'word '), chunkDelay: 50 }

/** The times of the calls that take 100 ms. */
const arrivals: number[] = []

/** One cluster for all tests, so that tests that wait run concurrently. */
const test = clusterTest
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    return service
  })
  .extend('cluster', { scope: 'file' }, async ({ lent: cluster, service }) => {
    service.reply(({ path }) => {
      const [, how] = path.split('/')
      if (how === 'hang' || how === 'drip' || how === 'reset') return { fault: how }
      arrivals.push(performance.now())
      return { body: { fine: true }, delay: 100 }
    })
    for (const key of ['hang', 'drip', 'reset', 'ok']) {
      // Calls that take too long time out. The others have enough time even on a busy machine.
      const timeout = key === 'hang' || key === 'drip' ? 1 : 20
      const http = { blueprint: { url: `${service.url}/${key}/`, method: 'GET', timeout } }
      const body = { key, path: 'tests', type: 'http', description: key, http }
      expect((await cluster.call('POST', '/v2/tools', body)).status).toBe(200)
    }
    return cluster
  })

describe.concurrent('a turn', () => {
  test.for<[string, ScriptedReply]>([
    ['never answers', { fault: 'hang' }],
    ['answers without end', forEver],
  ])(
    'whose model %s ends soon after max_execution_time, and is not tried again',
    async ([, last], { cluster }) => {
      const settings = { max_execution_time: 1, tools: [date] }
      const agent = await createAgent(cluster, { settings })
      const { sync, read, asked } = await run(cluster, agent, [
        { text: 'So far.', calls: [dateCall] },
        last,
      ])
      const expected = { finish_reason: 'max_time', output: [{ parts: [{ text: 'So far.' }] }] }
      expect(sync).toMatchObject({ status: 200, body: expected })
      expect(read).toMatchObject({ status: 'completed', ...expected })
      expect(asked.map(({ status }) => status)).toEqual(['answered', 'closed'])
    },
  )

  test('whose model never stops calling tools ends at max_iterations, with that many calls', async ({
    cluster,
  }) => {
    const agent = await createAgent(cluster, { settings: { max_iterations: 7, tools: [date] } })
    const script = Array.from({ length: 12 }, (_, at) => ({ text: `${at + 1}`, calls: [dateCall] }))
    const { sync, read, asked } = await run(cluster, agent, script)
    expect(sync).toMatchObject({ status: 200, body: { finish_reason: 'max_iterations' } })
    expect(read).toMatchObject({
      status: 'completed',
      finish_reason: 'max_iterations',
      output: [{ parts: [{ text: '7' }] }],
      usage: { completion_tokens: 7 },
    })
    expect(asked).toHaveLength(7)
  })

  test.for<[string, ScriptedReply]>([
    ['never answers', { fault: 'hang' }],
    ['falls silent in its answer', { text: 'half of', fault: 'stall' }],
    ['answers without end', forEver],
  ])(
    'whose model %s is tried again after its call_timeout, and then fails',
    async ([, reply], { cluster }) => {
      const parameters = { timeout: { call_timeout: 300 } }
      const model = { id: 'openai/scripted', parameters, retry: { count: 1 } }
      const agent = await createAgent(cluster, { model })
      const { sync, read, asked } = await run(cluster, agent, [reply])
      expect(sync).toMatchObject({ status: 502, body: { error: { code: 'provider_failed' } } })
      expect(read).toMatchObject({
        status: 'failed',
        error: 'provider_failed: the model did not finish within 0.3 s',
      })
      expect(asked.map(({ status }) => status)).toEqual(['closed', 'closed'])
    },
  )

  test.for(['hang', 'drip'])(
    'continues when a tool takes too long (%s), and the model receives the error',
    async (key, { cluster, service }) => {
      const agent = await createAgent(cluster, { settings: { tools: [{ type: 'http', key }] } })
      const calls = [{ name: key, arguments: {} }]
      const { sync, asked } = await run(cluster, agent, [{ calls }, { text: 'done' }])
      expect(sync).toMatchObject({ status: 200, body: { finish_reason: 'stop' } })
      expect(toldOf(asked.at(-1))).toMatch(/within 1 s/)
      const served = service.requests.filter(({ path }) => path.startsWith(`/${key}/`))
      expect(served.map(({ closedEarly }) => closedEarly)).toEqual([true])
    },
  )

  test.for<[string, ScriptedReply]>([
    ['fails', { status: 500 }],
    ['sends a page of HTML', { fault: 'garbage' }],
    ['breaks off', { text: 'half of', fault: 'reset' }],
    ['says half of it', { text: 'half of', fault: 'cut' }],
    ['sends what is no JSON', { text: 'half of', fault: 'bad_json' }],
    ['says nothing', {}],
  ])('whose model %s is tried again, and counted once', async ([, reply], { cluster }) => {
    const agent = await createAgent(cluster, {})
    const { read, asked } = await run(cluster, agent, [[reply, { text: 'The whole.' }]])
    const output = [{ parts: [{ kind: 'text', text: 'The whole.' }] }]
    expect(read).toMatchObject({
      status: 'completed',
      output,
      usage: { completion_tokens: 2 },
    })
    expect(asked).toHaveLength(2)
    expect(asked[1]?.idempotencyKey).toBe(asked[0]?.idempotencyKey)
  })

  test('calls a fallback model with its own key, which a retry repeats', async ({ cluster }) => {
    const agent = await createAgent(cluster, { fallback_models: ['openai/other'] })
    const tries = [{ status: 400 }, { status: 500 }, { text: 'done' }]
    const { sync, asked } = await run(cluster, agent, [tries])
    const keys = asked.map(({ idempotencyKey = '' }) => idempotencyKey)
    const own = `resp_${String(sync.body['task_id'])}0001.1`
    expect(keys).toEqual([own, expect.stringMatching(/^\w+\.1\.[0-9a-f]{8}$/), keys[1]])
    expect(keys[1]?.startsWith(`${own}.`)).toBe(true)
  })

  test('calls with a shorter history under its own key', async ({ cluster }) => {
    const agent = await createAgent(cluster, {})
    const { sync } = await run(cluster, agent, [{ text: 'one' }])
    const task = String(sync.body['task_id'])
    const tooLong = { error: { message: 'too long', code: 'context_length_exceeded' } }
    const tries = [{ status: 400, body: tooLong }, { text: 'done' }]
    const { asked } = await run(cluster, agent, [tries], { task_id: task })
    const keys = asked.slice(1).map(({ idempotencyKey }) => idempotencyKey)
    expect(keys).toEqual([
      `resp_${task}0002.1`,
      expect.stringMatching(new RegExp(`^resp_${task}0002\\.1\\.[0-9a-f]{8}$`)),
    ])
  })

  test('returns wrong calls to its model, and makes the others', async ({ cluster, service }) => {
    const tools = [{ type: 'http', key: 'reset' }, date]
    const agent = await createAgent(cluster, { settings: { tools } })
    const timezone = { timezone: 5 }
    const calls = [
      { id: 'c1', name: 'unheard_of', arguments: {} },
      { id: 'c2', name: 'current_date', arguments: '{"timezone":' },
      { id: 'c3', name: 'current_date', arguments: timezone },
      { id: 'c3', ...dateCall },
      { id: 'c5', name: 'reset', arguments: {} },
    ]
    const { read, asked } = await run(cluster, agent, [{ calls }, { text: 'I see' }])
    expect(read).toMatchObject({ status: 'completed', finish_reason: 'stop' })
    const reported = asked[1]?.body.messages?.filter(({ role }) => role === 'tool') ?? []
    expect(reported.map(({ content }) => content)).toEqual([
      expect.stringContaining('there is no tool "unheard_of"'),
      expect.stringContaining('are not a JSON object'),
      expect.stringContaining('do not fit'),
      expect.stringContaining('"timezone":"UTC"'),
      expect.stringContaining('closed the connection'),
    ])
    expect(new Set(reported.map((each) => each['tool_call_id'])).size).toBe(calls.length)
    expect(service.requests.filter(({ path }) => path === '/reset/')).toHaveLength(limits.toolTries)
  })

  test('makes a limited number of calls of one reply, and the model receives an error for the others', async ({
    cluster,
    service,
  }) => {
    const agent = await createAgent(cluster, { settings: { tools: [{ type: 'http', key: 'ok' }] } })
    const calls = Array.from({ length: 2_000 }, () => ({
      id: randomUUID(),
      name: 'ok',
      arguments: {},
    }))
    const { read, asked } = await run(cluster, agent, [{ calls }, { text: 'done' }])
    expect(read).toMatchObject({ status: 'completed', finish_reason: 'stop' })
    expect(service.requests.filter(({ path }) => path === '/ok/')).toHaveLength(
      limits.callsPerReply,
    )
    const soonest = arrivals.slice(limits.callsAtOnce).map((at, next) => at - (arrivals[next] ?? 0))
    expect(Math.min(...soonest)).toBeGreaterThan(90)
    const answers = asked.at(-1)?.body.messages?.filter(({ role }) => role === 'tool') ?? []
    expect(answers.map((answer) => answer['tool_call_id'])).toEqual(calls.map(({ id }) => id))
    expect(answers.filter(({ content }) => content === '{"fine":true}')).toHaveLength(
      limits.callsPerReply,
    )
    expect(answers.at(-1)?.content).toMatch(/^not made: /)
  })
})

async function createAgent(cluster: Cluster, part: object): Promise<string> {
  const key = `a-${randomUUID()}`
  const manifest = { key, role: 'r', description: 'd', instructions: 'i', path: 'tests' }
  const body = { ...manifest, model: 'openai/scripted', settings: { tools: [] }, ...part }
  expect((await cluster.call('POST', '/v2/agents', body)).status).toBe(201)
  return key
}

/** Waits for a turn. Returns the reply to its caller, the later reply to GET, and the model requests. */
async function run(
  cluster: Cluster,
  agent: string,
  script: (ScriptedReply | ScriptedReply[])[],
  more: object = {},
) {
  const path = `/v2/agents/${agent}/responses`
  const message = { role: 'user', parts: [{ kind: 'text', text: JSON.stringify({ script }) }] }
  const sync = await cluster.call('POST', path, { message, ...more })
  const task = String(sync.body['task_id'])
  const read = (await cluster.call('GET', `${path}/${task}`)).body
  const asked = cluster.model.requests.filter(({ idempotencyKey }) =>
    idempotencyKey?.includes(task),
  )
  return { sync, read, asked }
}

function toldOf(request: Cluster['model']['requests'][number] | undefined): string {
  return String(request?.body.messages?.findLast(({ role }) => role === 'tool')?.content)
}
