import { workerTest, type Cluster } from '@longhaul/testbed'
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { script, user } from '../../support/orq-requests.ts'
import { setLimits } from '../../support/set-limits.ts'

/** An API without a worker: submitted turns wait. */
const test = workerTest.extend('workspace', { scope: 'file' }, async ({ lent }) => {
  await lent.call('POST', '/v2/agents', { ...newAgent(), key: 'held' })
  return lent
})

const path = '/v2/agents/held/responses'
const background = { background: true, ...user('hello') }

type Sent = { status: number; headers: Headers; body: Record<string, unknown> }

async function send(
  { url, key }: Cluster,
  at: string,
  { body = background, idempotencyKey }: { body?: object; idempotencyKey?: string } = {},
): Promise<Sent> {
  const reply = await fetch(url + at, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    body: JSON.stringify(body),
  })
  const { status, headers } = reply
  return { status, headers, body: (await reply.json()) as Record<string, unknown> }
}

/** The task of a reply in either dialect. */
function taskOf({ body }: Sent): string {
  return body['object'] === 'response' ? String(body['id']).slice(5, 31) : String(body['task_id'])
}

function expectRefusal({ status, headers, body }: Sent, policy: string): void {
  expect([status, body]).toMatchObject([
    429,
    {
      code: '429',
      violated_policies: [policy],
      error: { code: 'rate_limited', type: 'rate_limit_error' },
    },
  ])
  const seconds = Number(headers.get('retry-after'))
  const ms = Number(headers.get('retry-after-ms'))
  expect([Number.isInteger(seconds), seconds > 0, seconds <= 60]).toEqual([true, true, true])
  expect(seconds).toBe(Math.ceil(ms / 1_000))
  const reset = /"requests";r=\d+;t=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]
  if (policy === 'requests') expect(seconds).toBeGreaterThanOrEqual(Number(reset))
}

test('with a full backlog each submit is accepted or refused, and everything accepted ends', async ({
  cluster,
}) => {
  await setLimits(cluster, { queued: 5 })
  const open = { model: 'agent/held', input: 'hello', background: true }
  const sent = await Promise.all(
    Array.from({ length: 40 }, (_, at) => {
      const idempotency = at % 3 === 0 ? { idempotencyKey: randomUUID() } : {}
      return at % 2 === 0
        ? send(cluster, path, idempotency)
        : send(cluster, '/v1/responses', { body: open, ...idempotency })
    }),
  )
  const accepted = sent.filter(({ status }) => status === 200)
  expect(accepted).toHaveLength(5)
  for (const one of sent) if (one.status !== 200) expectRefusal(one, 'queued')
  expect(accepted[0]?.headers.get('ratelimit-policy')).toBe('"queued";q=5')
  const left = new Set(accepted.map(({ headers }) => headers.get('ratelimit')))
  expect(left).toEqual(new Set([0, 1, 2, 3, 4].map((rest) => `"queued";r=${rest}`)))

  // Reads and cancels succeed, and a cancelled turn makes room.
  const tasks = accepted.map(taskOf)
  for (const task of tasks) {
    expect((await cluster.call('GET', `${path}/${task}`)).status).toBe(200)
  }
  expect((await cluster.call('GET', '/v2/responses')).body['data']).toHaveLength(5)
  expectRefusal(await send(cluster, path), 'queued')
  expect((await cluster.call('POST', `${path}/${tasks[0]}/cancel`)).status).toBe(200)
  const next = await send(cluster, path)
  expect(next.status).toBe(200)

  await cluster.startWorker()
  for (const task of [...tasks.slice(1), String(next.body['task_id'])]) {
    const { body } = await cluster.call('GET', `${path}/${task}?wait=60`)
    expect(body['status']).toBe('completed')
  }
  expect((await send(cluster, path)).status).toBe(200)
})

test('a refused request leaves nothing behind, and its key is free', async ({ cluster }) => {
  await setLimits(cluster, { queued: 1 })
  const [used, refused] = [randomUUID(), randomUUID()]
  const first = await send(cluster, path, { idempotencyKey: used })
  expect(first.status).toBe(200)
  expectRefusal(await send(cluster, path, { idempotencyKey: refused }), 'queued')
  // What was accepted before is repeated, also now.
  const again = await send(cluster, path, { idempotencyKey: used })
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect([again.status, again.body]).toEqual([200, first.body])
  expect((await cluster.call('GET', '/v2/responses')).body['data']).toHaveLength(1)

  await setLimits(cluster, { queued: 2 })
  const other = { background: true, ...user('something else') }
  const accepted = await send(cluster, path, { body: other, idempotencyKey: refused })
  expect(accepted.status).toBe(200)
  expect((await send(cluster, path, { idempotencyKey: refused })).status).toBe(422)
})

test('however repeats and refusals of one key interleave, at most one turn is accepted', async ({
  cluster,
}) => {
  for (let round = 0; round < 8; round += 1) {
    await setLimits(cluster, { queued: 0 })
    const idempotencyKey = randomUUID()
    const sends = Array.from({ length: 12 }, () => send(cluster, path, { idempotencyKey }))
    // From here on, those that have not been refused yet are accepted.
    await setLimits(cluster, { queued: 1_000 })
    const sent = [...(await Promise.all(sends)), await send(cluster, path, { idempotencyKey })]
    const accepted = sent.filter(({ status }) => status === 200)
    expect(new Set(accepted.map(taskOf)).size).toBe(1)
    for (const one of sent) if (one.status !== 200) expectRefusal(one, 'queued')
    const { body } = await cluster.call('GET', '/v2/responses?limit=200')
    expect(body['data']).toHaveLength(round + 1)
  }
})

test('answers to calls pass, whatever the limits', async ({ cluster }) => {
  await cluster.startWorker()
  const call = { id: 'c1', name: 'get_weather', arguments: { city: 'Paris' } }
  const tool = {
    type: 'function',
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } } },
  }
  const input = JSON.stringify({ script: [{ calls: [call] }, { text: 'sunny' }] })
  const asked = { model: 'agent/held', input, tools: [tool] }
  const first = await send(cluster, '/v1/responses', { body: asked })
  expect(first.body).toMatchObject({ status: 'completed' })
  const [item] = first.body['output'] as { type: string; call_id: string }[]
  expect(item).toMatchObject({ type: 'function_call' })
  await setLimits(cluster, { queued: 0 })
  const answer = {
    model: 'agent/held',
    previous_response_id: first.body['id'],
    input: [{ type: 'function_call_output', call_id: item?.call_id, output: 'sun' }],
    tools: [tool],
  }
  // Another answer to the same response would be a copy of the conversation, which is new work.
  const copies = await Promise.all(
    [1, 2, 3].map(() => send(cluster, '/v1/responses', { body: answer })),
  )
  expect(copies.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(copies.filter(({ status }) => status === 429)).toHaveLength(2)
  expectRefusal(
    await send(cluster, path, { body: { background: true, ...script({ text: 'x' }) } }),
    'queued',
  )
})

test('clients of OpenAI learn what the rates of their model leave, and others do not', async ({
  cluster,
}) => {
  const limits = `/v2/admin/workspaces/${cluster.workspace}/limits`
  const rate = { requests_per_minute: 30, tokens_per_minute: 2_000 }
  const models = { 'openai/*': rate, 'other/*': { tokens_per_minute: 1 } }
  expect((await cluster.call('PATCH', limits, { models })).status).toBe(200)
  const open = { model: 'agent/held', input: 'hello', background: true }
  const ofModel = async (at: string, body: object) =>
    [...(await send(cluster, at, { body })).headers]
      .filter(([name]) => name.startsWith('x-ratelimit-'))
      .map((header) => header.join(' '))
  // The API reads the limits of a workspace in the background.
  await expect.poll(() => ofModel('/v1/responses', open)).not.toEqual([])
  expect(await ofModel('/v1/responses', open)).toEqual([
    'x-ratelimit-limit-requests 30',
    'x-ratelimit-limit-tokens 2000',
    'x-ratelimit-remaining-requests 30',
    'x-ratelimit-remaining-tokens 2000',
    'x-ratelimit-reset-requests 0ms',
    'x-ratelimit-reset-tokens 0ms',
  ])
  expect(await ofModel(path, background)).toEqual([])
  const none = { 'openai/*': null, 'other/*': null }
  expect((await cluster.call('PATCH', limits, { models: none })).status).toBe(200)
})

// The last test, because the API remembers for a second that the workspace has no request left.
test('requests beyond the rate are refused until their time, and other requests are not', async ({
  cluster,
}) => {
  await setLimits(cluster, { requests_per_second: 0.05, burst: 2 })
  const open = { model: 'agent/held', input: 'hello', background: true }
  const key = randomUUID()
  const first = await send(cluster, '/v1/responses', { body: open, idempotencyKey: key })
  expect(first.status).toBe(200)
  expect(first.headers.get('ratelimit-policy')).toBe('"requests";q=2;w=40, "queued";q=100000')
  expect(first.headers.get('ratelimit')).toBe('"requests";r=1;t=20, "queued";r=99999')
  expect(first.headers.get('x-ratelimit-limit-requests')).toBe('2')
  expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('1')
  expect(first.headers.get('x-ratelimit-reset-requests')).toBe('20s')
  const second = await send(cluster, path)
  expect(second.headers.get('x-ratelimit-limit-requests')).toBeNull()
  for (let time = 0; time < 3; time += 1) {
    expectRefusal(await send(cluster, '/v1/responses', { body: open }), 'requests')
  }
  const replayed = await send(cluster, '/v1/responses', { body: open, idempotencyKey: key })
  expect([replayed.status, replayed.body['id']]).toEqual([200, first.body['id']])
  const task = `${path}/${String(second.body['task_id'])}`
  expect((await cluster.call('GET', task)).status).toBe(200)
  expect((await cluster.call('POST', `${task}/cancel`)).status).toBe(200)
})
