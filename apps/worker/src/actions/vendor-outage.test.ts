import { readEvents, type ScriptedReply, type Cluster, clusterTest } from '@longhaul/testbed'
import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'

/** The answers of an unavailable vendor. */
const outages: Record<string, ScriptedReply> = {
  429: { status: 429, body: { error: { message: 'calm down' } } },
  503: { status: 503, body: 'no backend' },
  reset: { fault: 'reset' },
}
const outageMs = 4_000

/** The vendor of a message `away: 503` is unavailable for four seconds from its first request on. */
const test = clusterTest.extend('cluster', { scope: 'file' }, ({ lent: cluster }) => {
  const since = new Map<string, number>()
  cluster.model.reply(({ body, idempotencyKey = '', at }) => {
    const [, outage] = /^away: (\w+)$/.exec(String(body.messages?.at(-1)?.content)) ?? []
    if (outage === undefined) return undefined
    const first = since.get(idempotencyKey) ?? at
    since.set(idempotencyKey, first)
    return at - first < outageMs ? outages[outage] : { text: 'I am back.' }
  })
  return cluster
})

describe.concurrent('a vendor that is unavailable for four seconds', () => {
  const back = { status: 'completed', output: [{ parts: [{ kind: 'text', text: 'I am back.' }] }] }

  test('and answers 429 fails no background task, and the log has the retries', async ({
    cluster,
  }) => {
    const agent = await createAgent(cluster, {})
    const path = `/v2/agents/${agent}/responses`
    const sent = await cluster.call('POST', path, { background: true, ...user('away: 429') })
    const task = String(sent.body['task_id'])
    const read = async () => (await cluster.call('GET', `${path}/${task}?wait=60`)).body
    await expect.poll(read).toMatchObject(back)
    const asked = askedBy(cluster, task)
    expect(new Set(asked.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1)

    const { body } = await cluster.call('GET', `${path}/${task}/log`)
    const entries = body['data'] as { type: string; wait_ms?: number }[]
    const failed = entries.filter(({ type }) => type === 'model.failed')
    expect(failed).toHaveLength(asked.length - 1)
    expect(failed).toMatchObject(failed.map(() => ({ status: 429, retryable: true })))
    expect(failed.at(-1)?.wait_ms).toBeGreaterThan(failed[0]?.wait_ms ?? 0)

    const metrics = await (await fetch(`${cluster.workers[0]?.url}/metrics`)).text()
    expect(metrics).toContain('longhaul_model_retries_total{provider="openai",status="429"}')
  })

  test('and resets connections fails no synchronous call', async ({ cluster }) => {
    const agent = await createAgent(cluster, {})
    const path = `/v2/agents/${agent}/responses`
    const { status, body } = await cluster.call('POST', path, user('away: reset'))
    expect([status, body]).toMatchObject([200, { output: back.output }])
  })

  test('and answers 503 breaks no stream', async ({ cluster }) => {
    const agent = await createAgent(cluster, {})
    const response = await fetch(`${cluster.url}/v2/agents/${agent}/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${cluster.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ stream: true, ...user('away: 503') }),
    })
    const types: string[] = []
    for await (const event of readEvents(response))
      types.push(event === 'done' ? event : event.type)
    expect(types).toEqual(
      expect.arrayContaining(['response.started', 'part.done', 'response.done', 'done']),
    )
    expect(types).not.toContain('response.failed')
  })

  test('fails no response of the OpenAI dialect', async ({ cluster }) => {
    const body = { model: 'openai/scripted', input: 'away: 503' }
    const reply = await cluster.call('POST', '/v1/responses', body)
    expect(reply).toMatchObject({ status: 200, body: { status: 'completed' } })
  })
})

describe.concurrent('a model call that fails', () => {
  const quota = { error: { message: 'pay first', type: 'insufficient_quota' } }

  test.for<[string, ScriptedReply, number]>([
    ['401', { status: 401 }, 502],
    ['403', { status: 403 }, 502],
    ['404', { status: 404 }, 502],
    ['429 for a used-up quota', { status: 429, body: quota }, 429],
  ])('with %s is not repeated', async ([, reply, status], { cluster }) => {
    const agent = await createAgent(cluster, {})
    const { sync, asked } = await run(cluster, agent, [reply])
    expect(sync).toMatchObject({ status, body: { error: { code: 'provider_failed' } } })
    expect(asked).toHaveLength(1)
  })

  test('twice is sent to a fallback model, without its own pauses', async ({ cluster }) => {
    const agent = await createAgent(cluster, { fallback_models: ['openai/other'] })
    const tries = [{ status: 503 }, { status: 503 }, { text: 'done' }]
    const { sync, asked } = await run(cluster, agent, [tries])
    expect(sync).toMatchObject({ status: 200, body: { model: 'openai/other' } })
    expect(asked.map(({ body }) => body.model)).toEqual(['scripted', 'scripted', 'other'])
  })

  test('with a Retry-After is sent to a fallback model at once, and is retried if that fails', async ({
    cluster,
  }) => {
    const agent = await createAgent(cluster, { fallback_models: ['openai/other'] })
    const busy = { status: 429, headers: { 'retry-after': '3' } }
    const tries = [busy, { status: 401 }, { text: 'done' }]
    const { sync, asked } = await run(cluster, agent, [tries])
    expect(sync.status).toBe(200)
    expect(asked.map(({ body }) => body.model)).toEqual(['scripted', 'other', 'scripted'])
    const [first, , last] = asked
    expect(last!.at - first!.at).toBeGreaterThanOrEqual(3_000)
  })

  test('is retried as often as the `retry` of its agent allows, and on its statuses', async ({
    cluster,
  }) => {
    const retry = { count: 1, on_codes: [503] }
    const agent = await createAgent(cluster, { model: { id: 'openai/scripted', retry } })
    const away = await run(cluster, agent, [{ status: 503 }])
    expect(away.sync.status).toBe(502)
    expect(away.asked).toHaveLength(2)
    const busy = await run(cluster, agent, [{ status: 429 }])
    expect(busy.sync.status).toBe(429)
    expect(busy.asked).toHaveLength(1)
  })
})

async function createAgent(cluster: Cluster, part: object): Promise<string> {
  const key = `a-${randomUUID()}`
  const manifest = { key, role: 'r', description: 'd', instructions: 'i', path: 'tests' }
  const body = { ...manifest, model: 'openai/scripted', settings: { tools: [] }, ...part }
  expect((await cluster.call('POST', '/v2/agents', body)).status).toBe(201)
  return key
}

/** Waits for a turn. Returns the reply to its caller and the model requests. */
async function run(cluster: Cluster, agent: string, script: (ScriptedReply | ScriptedReply[])[]) {
  const message = user(JSON.stringify({ script }))
  const sync = await cluster.call('POST', `/v2/agents/${agent}/responses`, message)
  return { sync, asked: askedBy(cluster, String(sync.body['task_id'])) }
}

function askedBy(cluster: Cluster, task: string): Cluster['model']['requests'] {
  return cluster.model.requests.filter(({ idempotencyKey }) => idempotencyKey?.includes(task))
}

function user(text: string) {
  return { message: { role: 'user', parts: [{ kind: 'text', text }] } }
}
