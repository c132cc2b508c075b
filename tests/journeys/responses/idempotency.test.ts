import type { Cluster } from '@longhaul/testbed'
import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'
import { newFunction } from '../../support/function-tool.ts'
import { test as base } from '../../support/orq-test.ts'
import { newAgent } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'

type Reply = { status: number; replayed: string | null; body: Record<string, unknown> }

const test = base
  .extend('path', ({ agent }) => `/v2/agents/${agent}/responses`)
  .extend('key', () => randomUUID())
  /** POSTs a turn with an Idempotency-Key. */
  .extend(
    'post',
    ({ cluster, path }) =>
      (key: string, turn: object, as = cluster.key) =>
        send(cluster, { path, key, turn, as }),
  )

describe('a request that is repeated under its key', () => {
  test('is the same turn, and runs once', async ({ cluster, post, key }) => {
    const before = cluster.model.requests.length
    const turn = { ...script({ text: 'once' }), background: true }
    const first = await post(key, turn)
    const again = await post(key, turn)
    expect([first.replayed, again.replayed]).toEqual([null, 'true'])
    expect(again.body).toEqual(first.body)
    await expect.poll(() => cluster.model.requests.length).toBe(before + 1)
  })

  test('waits for the same answer, while the turn runs and after it', async ({ post, key }) => {
    const turn = script({ delay: 300, text: 'once' })
    const twins = await Promise.all([post(key, turn), post(key, turn), post(key, turn)])
    const later = await post(key, turn)
    const answers = [...twins, later].map(({ status, body }) => [status, body])
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject([200, { output: [{ parts: [{ text: 'once' }] }] }])
    expect(twins.filter(({ replayed }) => replayed === null)).toHaveLength(1)
  })

  test('streams the same events again', async ({ cluster, path, key }) => {
    const turn = { ...script({ text: 'word by word' }), stream: true }
    const streams: string[] = []
    for (let time = 0; time < 2; time += 1) {
      const response = await request(cluster, { path, key, turn, as: cluster.key })
      streams.push(await response.text())
    }
    expect(streams[1]).toBe(streams[0])
    expect(streams[0]).toMatch(/response\.done[^]*\[DONE\]/)
  })

  test('is the same turn, also when the task has continued since', async ({
    cluster,
    post,
    path,
    key,
  }) => {
    const { body } = await post(randomUUID(), script({ text: 'one' }))
    const taskId = body['task_id']
    const second = { task_id: taskId, ...script({ text: 'two' }) }
    const first = await post(key, second)
    await cluster.call('POST', path, { task_id: taskId, ...script({ text: 'three' }) })
    const again = await post(key, second)
    expect(again).toEqual({ ...first, replayed: 'true' })
    expect(again.body).toMatchObject({ output: [{ parts: [{ text: 'two' }] }] })
  })

  test('receives the same failure as the first one', async ({ post, key }) => {
    const turn = script([{ status: 400, body: { error: { message: 'no' } } }])
    const first = await post(key, turn)
    const again = await post(key, turn)
    expect([first.status, again.status]).toEqual([502, 502])
    expect(again.body['task_id']).toBe(first.body['task_id'])
  })
})

describe('a repeat is answered although its tool has been deleted', () => {
  const modes = [{ background: true }, { stream: true }, {}]
  const dialects = [
    { name: 'orq', path: (agent: string) => `/v2/agents/${agent}/responses`, turn: script },
    {
      name: 'openai',
      path: () => '/v1/responses',
      turn: (reply: object, agent: string) => ({
        model: `agent/${agent}`,
        input: JSON.stringify({ script: [reply] }),
      }),
    },
  ]
  const all = dialects.flatMap((dialect) => modes.map((mode) => ({ ...dialect, mode })))

  test.for(all)('$name $mode', async ({ path, turn, mode }, { cluster, key }) => {
    const tool = newFunction()
    expect((await cluster.call('POST', '/v2/tools', tool)).status).toBe(200)
    const agent = newAgent()
    const settings = { tools: [{ type: 'function', key: tool.key }] }
    await cluster.call('POST', '/v2/agents', { ...agent, settings })
    const sent = {
      path: path(agent.key),
      key,
      turn: { ...turn({ text: 'once' }, agent.key), ...mode },
      as: cluster.key,
    }
    const first = await request(cluster, sent)
    const text = await first.text()
    expect(first.status).toBe(200)
    expect((await cluster.call('DELETE', `/v2/tools/${tool.key}`)).status).toBe(200)
    const fresh = await request(cluster, { ...sent, key: randomUUID() })
    expect([fresh.status, await fresh.text()]).toEqual([400, expect.stringContaining(tool.key)])
    const again = await request(cluster, sent)
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
    expect(await again.text()).toBe(text)
  })
})

describe('twenty at once', () => {
  test('make one task', async ({ cluster, post, key }) => {
    const before = cluster.model.requests.length
    const turn = { ...script({ text: 'once' }), background: true }
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(key, turn)))
    expect(
      new Set(replies.map(({ status, body }) => `${status} ${String(body['task_id'])}`)).size,
    ).toBe(1)
    expect(replies.filter(({ replayed }) => replayed === null)).toHaveLength(1)
    await expect.poll(() => cluster.model.requests.length).toBe(before + 1)
  })

  test('make one next turn of a task', async ({ post, key }) => {
    const { body } = await post(randomUUID(), script({ text: 'one' }))
    const turn = { task_id: body['task_id'], background: true, ...script({ text: 'two' }) }
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(key, turn)))
    const ids = replies.map((reply) => `${reply.status} ${String(reply.body['_id'])}`)
    expect(new Set(ids)).toEqual(new Set([`200 resp_${String(body['task_id'])}0002`]))
  })
})

test('another body under the same key is refused', async ({ post, key }) => {
  await post(key, { ...script({ text: 'one' }), background: true })
  const { status, body } = await post(key, { ...script({ text: 'other' }), background: true })
  expect([status, body['errors']]).toMatchObject([422, [{ path: 'Idempotency-Key' }]])
})

test('a key belongs to its workspace', async ({ path, post, key, stranger, cluster }) => {
  await stranger.agents.create({ ...newAgent(), key: path.split('/')[3] ?? '' })
  const turn = { ...script({ text: 'one' }), background: true }
  const ours = await post(key, turn)
  const theirs = await post(key, turn, cluster.strangersKey)
  expect([theirs.status, theirs.replayed]).toEqual([200, null])
  expect(theirs.body['task_id']).not.toBe(ours.body['task_id'])
})

test('a refusal is not stored under its key', async ({ post, key }) => {
  const turn = { ...script({ text: 'one' }), background: true }
  expect((await post(key, { ...turn, task_id: '01JD0000000000000000000000' })).status).toBe(404)
  expect((await post(key, turn)).status).toBe(200)
})

test.for(['', ' ', 'ä', 'x'.repeat(256), 'a b'])(
  '%j is not a valid key',
  async (key, { cluster, path }) => {
    const turn = { ...script({ text: 'one' }), background: true }
    // A header of other characters cannot be sent by this client at all.
    const name =
      encodeURIComponent(key) === key || key.includes(' ')
        ? key
        : Buffer.from(key).toString('latin1')
    const { status } = await send(cluster, { path, key: name, turn, as: cluster.key })
    expect(status).toBe(400)
  },
)

type Sent = { path: string; key: string; turn: object; as: string }

async function send(cluster: Cluster, sent: Sent): Promise<Reply> {
  const response = await request(cluster, sent)
  return {
    status: response.status,
    replayed: response.headers.get('idempotent-replayed'),
    body: (await response.json()) as Record<string, unknown>,
  }
}

function request(cluster: Cluster, { path, key, turn, as }: Sent): Promise<Response> {
  return fetch(cluster.url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${as}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(turn),
  })
}
