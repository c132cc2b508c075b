import {
  callWith,
  startScriptedServer,
  startCluster,
  type Cluster,
  test as base,
} from '@longhaul/testbed'
import { taskKeys } from '@longhaul/redis'
import { describe, expect } from 'vitest'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { script, user } from '../../support/orq-requests.ts'
import { until } from '../../support/until.ts'
import { begin, typesOf, watch } from '../../support/event-streams.ts'

type Waiting = {
  _id: string
  task_id: string
  tool_call_id: string
  arguments: object
  expires_at: string
}

const test = base
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    service.reply(() => ({ body: { paid: true } }))
    onCleanup(() => service.close())
    return service
  })
  .extend('cluster', { scope: 'file' }, async ({ redisUrl }, { onCleanup }) => {
    const cluster = await startCluster({
      redisUrl,
      env: {
        LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
        LONGHAUL_LOCK_MS: '1000',
        LONGHAUL_SYNC_WAIT: '1500ms',
      },
    })
    onCleanup(() => cluster.kill())
    return cluster
  })
  /** The name of a tool that needs approval. */
  .extend('pay', { scope: 'file' }, async ({ cluster, service }) => {
    const key = newKey('pay')
    const blueprint = { url: `${service.url}/pay`, method: 'POST', body: { sum: '{{sum}}' } }
    const sum = { type: 'number', description: 'How much.' }
    await cluster.call('POST', '/v2/tools', {
      key,
      path: 'Default',
      type: 'http',
      description: 'Pays.',
      http: { blueprint, arguments: { sum } },
    })
    return key
  })
  .extend('path', async ({ cluster, pay, service }) => {
    service.requests.length = 0
    return await agentWith(cluster, pay, {})
  })

async function agentWith(cluster: Cluster, pay: string, settings: object): Promise<string> {
  const tools = [{ type: 'http', key: pay, requires_approval: true }, { type: 'current_date' }]
  const { body } = await cluster.call('POST', '/v2/agents', {
    ...newAgent(),
    settings: { tools, ...settings },
  })
  return `/v2/agents/${String(body['key'])}/responses`
}

/** Two calls, of which one needs approval, and the answer after them. */
function payment(pay: string) {
  const calls = [
    { id: 'p1', name: pay, arguments: { sum: 900 } },
    { id: 'd1', name: 'current_date', arguments: {} },
  ]
  return script({ text: 'I pay.', calls }, { text: 'Over.' })
}

/** Waits until a call of the task waits for approval. */
async function waitingOf(cluster: Cluster, task: string): Promise<Waiting> {
  return await until(async () => {
    const { body } = await cluster.call('GET', '/v2/reviews')
    return (body['data'] as Waiting[]).find((review) => review.task_id === task)
  })
}

async function ended(cluster: Cluster, path: string, task: string) {
  return (await cluster.call('GET', `${path}/${task}?wait=20`)).body
}

test('the time for an approval is no longer than that of the turn', async ({
  cluster,
  pay,
  redis,
}) => {
  const api = await cluster.startApi({ LONGHAUL_TURN_DEADLINE: '1h' })
  const path = await agentWith(cluster, pay, { approval_timeout: 2_000_000 })
  const task = await begin({ ...cluster, call: callWith(api.url, cluster.key) }, path, payment(pay))
  const { expires_at: expires } = await waitingOf(cluster, task)
  const { deadlines } = taskKeys(task)
  const scoreOf = async (what: string) =>
    Number(await redis.zscore(deadlines, `resp_${task}0001:${what}`))
  expect(Date.parse(expires)).toBe(await scoreOf('end'))
  await expect.poll(() => scoreOf('wake')).toBe(await scoreOf('end'))
  await cluster.call('DELETE', `${path}/${task}`)
})

describe('a call that needs approval', () => {
  test('waits while other calls run, and is made once after its approval', async ({
    cluster,
    path,
    pay,
    service,
  }) => {
    const task = await begin(cluster, path, payment(pay))
    const watched = watch(cluster, { url: cluster.url, path: `${path}/${task}/events` })
    const review = await waitingOf(cluster, task)
    expect(review).toMatchObject({
      response_id: `resp_${task}0001`,
      tool_call_id: 'p1',
      tool_name: pay,
      arguments: { sum: 900 },
    })
    expect(await cluster.call('GET', `${path}/${task}`)).toMatchObject({
      body: { status: 'in_progress' },
    })
    // The other call does not wait for it.
    await until(async () => {
      const { body } = await cluster.call('GET', `${path}/${task}/log`)
      return JSON.stringify(body).includes('tool.returned') || undefined
    })
    expect(service.requests).toEqual([])
    const approve = () => cluster.call('POST', `${path}/${task}/reviews/p1`, { review: 'approved' })
    const first = await approve()
    expect(first).toMatchObject({ status: 200, body: { tool_call_id: 'p1', review: 'approved' } })
    expect(await ended(cluster, path, task)).toMatchObject({
      status: 'completed',
      output: [{ parts: [{ text: 'Over.' }] }],
    })
    expect(service.requests.map(({ body }) => body)).toEqual(['{"sum":900}'])
    const { events } = await watched
    const types = typesOf(events).filter((type) => type.startsWith('tool.'))
    expect(types.filter((type) => type.startsWith('tool.review'))).toEqual([
      'tool.review.requested',
      'tool.review.done',
    ])
    const ofPay = events.filter(({ data }) => data['toolCallId'] === 'p1').map(({ type }) => type)
    expect(ofPay).toEqual([
      'tool.review.requested',
      'tool.review.done',
      'tool.started',
      'tool.done',
    ])
    expect(await approve()).toEqual(first)
    const other = await cluster.call('POST', `${path}/${task}/reviews/p1`, { review: 'rejected' })
    expect(other.status).toBe(409)
    const list = await cluster.call('GET', '/v2/reviews')
    expect(JSON.stringify(list.body)).not.toContain(task)
  })

  test('is not made when rejected, and the model reads the reason', async ({
    cluster,
    path,
    pay,
    service,
  }) => {
    const task = await begin(cluster, path, payment(pay))
    await waitingOf(cluster, task)
    const decision = { review: 'rejected', reason: 'far too dear' }
    const { body } = await cluster.call('POST', `${path}/${task}/reviews/p1`, decision)
    expect(body).toMatchObject(decision)
    expect(await ended(cluster, path, task)).toMatchObject({ status: 'completed' })
    expect(service.requests).toEqual([])
    expect(JSON.stringify(cluster.model.requests.at(-1)?.body.messages)).toContain('far too dear')
  })

  test('is made with exactly the arguments of the reviewer, and the model reads that', async ({
    cluster,
    path,
    pay,
    service,
  }) => {
    const task = await begin(cluster, path, payment(pay))
    await waitingOf(cluster, task)
    const review = (body: object) => cluster.call('POST', `${path}/${task}/reviews/p1`, body)
    expect(await review({ review: 'approved', arguments: { sum: 'much' } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'arguments' }] },
    })
    expect(await review({ review: 'rejected', arguments: { sum: 1 } })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'arguments' }] },
    })
    const { body } = await review({ review: 'approved', arguments: { sum: 5 } })
    expect(body).toMatchObject({ arguments: { sum: 5 } })
    expect(await ended(cluster, path, task)).toMatchObject({ status: 'completed' })
    expect(service.requests.map((request) => request.body)).toEqual(['{"sum":5}'])
    const read = JSON.stringify(cluster.model.requests.at(-1)?.body.messages)
    expect(read).toContain('a reviewer changed the arguments')
  })

  test('is decided automatically without a review in time', async ({ cluster, pay, service }) => {
    service.requests.length = 0
    const strict = await agentWith(cluster, pay, { approval_timeout: 1 })
    const lenient = await agentWith(cluster, pay, {
      approval_timeout: 1,
      approval_default: 'approved',
    })
    const [one, two] = [
      await begin(cluster, strict, payment(pay)),
      await begin(cluster, lenient, payment(pay)),
    ]
    expect(await ended(cluster, strict, one)).toMatchObject({ status: 'completed' })
    expect(await ended(cluster, lenient, two)).toMatchObject({ status: 'completed' })
    expect(service.requests).toHaveLength(1)
    const late = await cluster.call('POST', `${strict}/${one}/reviews/p1`, { review: 'approved' })
    expect(late.status).toBe(409)
  })

  test('outlives its worker, and another worker makes it', async ({
    cluster,
    path,
    pay,
    service,
  }) => {
    const task = await begin(cluster, path, payment(pay))
    await waitingOf(cluster, task)
    await cluster.workers.at(-1)?.kill()
    const { status } = await cluster.call('POST', `${path}/${task}/reviews/p1`, {
      review: 'approved',
    })
    expect(status).toBe(200)
    await cluster.startWorker()
    expect(await ended(cluster, path, task)).toMatchObject({ status: 'completed' })
    expect(service.requests).toHaveLength(1)
  })

  test('is cancelled with its turn, and can no longer be decided', async ({
    cluster,
    path,
    pay,
  }) => {
    const task = await begin(cluster, path, payment(pay))
    await waitingOf(cluster, task)
    const cancel = await cluster.call('POST', `${path}/${task}/cancel?wait=5`)
    expect(cancel).toMatchObject({ status: 200, body: { error: 'cancelled' } })
    const late = await cluster.call('POST', `${path}/${task}/reviews/p1`, { review: 'approved' })
    expect(late.status).toBe(409)
    const list = await cluster.call('GET', '/v2/reviews')
    expect(JSON.stringify(list.body)).not.toContain(task)
    const next = await cluster.call('POST', path, { ...user('Well?'), task_id: task })
    expect(next.status).toBe(200)
  })

  test('is unknown in another workspace, and under another id', async ({ cluster, path, pay }) => {
    const task = await begin(cluster, path, payment(pay))
    await waitingOf(cluster, task)
    for (const call of ['d1', 'p2', 'x'.repeat(200)]) {
      const { status } = await cluster.call('POST', `${path}/${task}/reviews/${call}`, {
        review: 'approved',
      })
      expect([call, status]).toEqual([call, 404])
    }
    await cluster.call('POST', `${path}/${task}/cancel?wait=5`)
  })
})

test('a caller that cannot wait for a review receives the waiting calls, and reads the end later', async ({
  cluster,
  path,
  pay,
}) => {
  const { status, body } = await cluster.call('POST', path, payment(pay))
  expect([status, body]).toMatchObject([
    200,
    {
      finish_reason: 'tool_calls',
      output: [
        {
          role: 'agent',
          parts: [{ kind: 'tool_call', tool_call_id: 'p1', arguments: { sum: 900 } }],
        },
      ],
    },
  ])
  const task = String(body['task_id'])
  expect((await cluster.call('GET', `${path}/${task}`)).body).toMatchObject({
    status: 'in_progress',
  })
  await cluster.call('POST', `${path}/${task}/reviews/p1`, { review: 'approved' })
  expect(await ended(cluster, path, task)).toMatchObject({ status: 'completed' })
})

test('waiting calls are listed in pages, newest task first', async ({ cluster, pay }) => {
  const all = await agentWith(cluster, pay, { tool_approval_required: 'all' })
  const none = await agentWith(cluster, pay, { tool_approval_required: 'none' })
  const tasks: string[] = []
  for (let number = 0; number < 3; number += 1) {
    tasks.push(await begin(cluster, all, payment(pay)))
    await waitingOf(cluster, tasks.at(-1) ?? '')
  }
  const free = await begin(cluster, none, payment(pay))
  expect(await ended(cluster, none, free)).toMatchObject({ status: 'completed' })

  const expected = tasks.toReversed().flatMap((task) => [`${task} p1`, `${task} d1`])
  for (const limit of [1, 4, 200]) {
    const seen: Waiting[] = []
    for (;;) {
      const { _id: after } = seen.at(-1) ?? {}
      const query = `limit=${limit}${after === undefined ? '' : `&starting_after=${after}`}`
      const { body } = await cluster.call('GET', `/v2/reviews?${query}`)
      seen.push(...(body['data'] as Waiting[]))
      if (body['has_more'] !== true) break
    }
    const named = seen.map(({ task_id: task, tool_call_id: call }) => `${task} ${call}`)
    expect(named.filter((name) => tasks.includes(name.split(' ')[0] ?? ''))).toEqual(expected)
  }
  for (const task of tasks) await cluster.call('POST', `${all}/${task}/cancel?wait=5`)
})

test('the time-out of a review, and the decision after it, are set field by field', async ({
  cluster,
}) => {
  const agent = newAgent()
  const settings = { approval_timeout: 60, approval_default: 'approved' }
  await cluster.call('POST', '/v2/agents', { ...agent, settings })
  const path = `/v2/agents/${agent.key}`
  await cluster.call('PATCH', path, { settings: { approval_timeout: 90 } })
  const { body } = await cluster.call('GET', path)
  expect(body['settings']).toMatchObject({ approval_timeout: 90, approval_default: 'approved' })
})
