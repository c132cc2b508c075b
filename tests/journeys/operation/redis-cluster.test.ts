import {
  type Cluster,
  startCluster,
  startRedisCluster,
  startScriptedServer,
  test as base,
} from '@longhaul/testbed'
import { expect } from 'vitest'
import { startReceiver } from '../../support/receiver.ts'
import { begin, streamed, watch } from '../../support/event-streams.ts'
import { newAgent, newKey } from '../../support/new-agent.ts'
import { script } from '../../support/orq-requests.ts'
import { until } from '../../support/until.ts'

/** More shards than primaries, so that each primary has some. */
const shards = 6

const test = base
  .extend('store', { scope: 'file' }, async ({}, { onCleanup }) => {
    const store = await startRedisCluster()
    onCleanup(() => store.stop())
    return store
  })
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    service.reply(() => ({ body: { paid: true } }))
    onCleanup(() => service.close())
    return service
  })
  .extend('cluster', { scope: 'file' }, async ({ store }, { onCleanup }) => {
    const cluster = await startCluster({
      redisUrl: store.url,
      env: {
        LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
        LONGHAUL_LIMITS: JSON.stringify({ spread: shards }),
        LONGHAUL_LOCK_MS: '2000',
        LONGHAUL_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
        LONGHAUL_SHARDS: String(shards),
        LONGHAUL_UNSAFE_REDIS: '0',
      },
    })
    onCleanup(() => cluster.kill())
    return cluster
  })
  .extend('path', { scope: 'file' }, async ({ cluster, service }) => {
    const pay = newKey('pay')
    await cluster.call('POST', '/v2/tools', {
      key: pay,
      path: 'Default',
      type: 'http',
      description: 'Pays.',
      http: { blueprint: { url: `${service.url}/pay`, method: 'POST' } },
    })
    const child = newAgent()
    await cluster.call('POST', '/v2/agents', child)
    const tools = [{ type: 'http', key: pay, requires_approval: true }, { type: 'call_sub_agent' }]
    const { body } = await cluster.call('POST', '/v2/agents', {
      ...newAgent(),
      team_of_agents: [{ key: child.key, role: 'helper' }],
      settings: { tools },
    })
    return { responses: `/v2/agents/${String(body['key'])}/responses`, pay, child: child.key }
  })

async function ended(cluster: Cluster, path: string, task: string) {
  return (await cluster.call('GET', `${path}/${task}?wait=30`)).body
}

test('every shard and every primary is used, and the tasks of all are listed', async ({
  cluster,
  path: { responses },
  store,
}) => {
  const tasks: string[] = []
  // Tasks of one millisecond share a shard.
  while (tasks.length < 60) tasks.push(await begin(cluster, responses, script({ text: 'Hello.' })))
  const replies = await Promise.all(tasks.map((task) => ended(cluster, responses, task)))
  expect(replies.map(({ status }) => status)).toEqual(tasks.map(() => 'completed'))
  const counts = store.nodes.map(async ({ redis }) => (await redis.keys('*:task:*:log')).length)
  for (const count of await Promise.all(counts)) expect(count).toBeGreaterThan(0)
  const { body } = await cluster.call('GET', `${responses}?limit=100`)
  expect((body['data'] as { task_id: string }[]).map(({ task_id }) => task_id).toSorted()).toEqual(
    tasks.toSorted(),
  )
})

test('a stream is resumed at its cursor', async ({ cluster, path: { responses } }) => {
  const turn = script({ text: 'One two three four five.' })
  const whole = await streamed(cluster, responses, turn)
  expect(whole.done).toBe(true)
  const task = await begin(cluster, responses, turn)
  const watching = { url: cluster.url, path: `${responses}/${task}/events` }
  const { events } = await watch(cluster, { ...watching, events: 2 })
  const lastEventId = events.at(-1)?.id ?? ''
  const rest = await watch(cluster, { ...watching, lastEventId })
  const { events: all } = await watch(cluster, watching)
  expect([...events, ...rest.events].map(({ id }) => id)).toEqual(all.map(({ id }) => id))
})

test('a running task is cancelled', async ({ cluster, path: { responses } }) => {
  const task = await begin(cluster, responses, script({ text: 'Late.', delay: 60_000 }))
  await until(async () => {
    const { body } = await cluster.call('GET', `${responses}/${task}/log`)
    return JSON.stringify(body).includes('attempt.started') || undefined
  })
  await cluster.call('POST', `${responses}/${task}/cancel`)
  expect(await ended(cluster, responses, task)).toMatchObject({
    status: 'failed',
    error: expect.stringMatching(/^cancelled/) as string,
  })
})

test('a call waits for its approval', async ({ cluster, path: { responses, pay }, service }) => {
  const calls = [{ id: 'p1', name: pay, arguments: {} }]
  const task = await begin(cluster, responses, script({ calls }, { text: 'Paid.' }))
  await until(async () => {
    const { body } = await cluster.call('GET', '/v2/reviews')
    return (body['data'] as { task_id: string }[]).find((review) => review.task_id === task)
  })
  await cluster.call('POST', `${responses}/${task}/reviews/p1`, { review: 'approved' })
  expect(await ended(cluster, responses, task)).toMatchObject({ status: 'completed' })
  expect(service.requests).toHaveLength(1)
})

test('a sub-agent answers its caller', async ({ cluster, path: { responses, child } }) => {
  const message = JSON.stringify({ script: [{ text: 'Forty-two.' }] })
  const call = { id: 'c1', name: 'call_sub_agent', arguments: { agent_key: child, message } }
  const turns = Array.from({ length: 6 }, () => script({ calls: [call] }, { text: 'It is 42.' }))
  const tasks = await Promise.all(turns.map((turn) => begin(cluster, responses, turn)))
  for (const task of tasks) {
    const reply = await ended(cluster, responses, task)
    expect(reply).toMatchObject({ status: 'completed' })
    expect(JSON.stringify(reply)).toContain('Forty-two.')
  }
})

test('events of turns and of agents reach an endpoint', async ({
  cluster,
  path: { responses },
  onTestFinished,
}) => {
  const receiver = await startReceiver()
  onTestFinished(() => receiver.close())
  const endpoint = await cluster.call('POST', '/v1/webhook_endpoints', {
    name: 'all',
    url: receiver.url,
    event_types: ['response.completed', 'agent.created'],
  })
  const { body: agent } = await cluster.call('POST', '/v2/agents', newAgent())
  const tasks: string[] = []
  while (tasks.length < 10) tasks.push(await begin(cluster, responses, script({ text: 'Hello.' })))
  const about = (id: unknown) => receiver.received.filter(({ event }) => event.data['id'] === id)
  for (const id of [agent['_id'], ...tasks.map((task) => `resp_${task}0001`)]) {
    await until(() => about(id)[0])
  }
  const path = `/v1/webhook_endpoints/${String(endpoint.body['id'])}`
  const list = await cluster.call('GET', `${path}/deliveries?limit=50`)
  expect(list.body['data']).toHaveLength(11)
  expect((await cluster.call('DELETE', path)).status).toBe(200)
})

test('schedules of all shards run once at their times, and their events arrive', async ({
  cluster,
  path: { responses },
  onTestFinished,
}) => {
  const receiver = await startReceiver()
  onTestFinished(() => receiver.close())
  const endpoint = await cluster.call('POST', '/v1/webhook_endpoints', {
    name: 'pauses',
    url: receiver.url,
    event_types: ['schedule.paused'],
  })
  const agent = newAgent()
  await cluster.call('POST', '/v2/agents', agent)
  const all = `/v3/agents/${agent.key}/schedules`
  const at = new Date(Date.now() + 1_500).toISOString()
  const ids: string[] = []
  while (ids.length < 24) {
    const { status, body } = await cluster.call('POST', all, {
      type: 'once',
      expression: `@at ${at}`,
      display_name: 'Once',
      payload: { input: JSON.stringify({ script: [{ text: 'Hello.' }] }) },
    })
    expect([status, body]).toEqual([201, body])
    ids.push(String(body['_id']))
  }
  const listed = await cluster.call('GET', all)
  const found = (listed.body['schedules'] as { _id: string }[]).map(({ _id: id }) => id)
  expect(found.toSorted()).toEqual(ids.toSorted())
  const runsOf = async (id: string) => {
    const { body } = await cluster.call('GET', `${all}/${id}/runs`)
    return body['runs'] as { status: string; scheduled_for: string }[]
  }
  for (const id of ids) {
    await until(async () => (await runsOf(id))[0]?.status === 'completed' || undefined)
    expect(await runsOf(id)).toMatchObject([{ scheduled_for: at }])
  }
  const path = responses.replace(/[^/]+(?=\/responses)/, agent.key)
  const { body } = await cluster.call('GET', `${path}?limit=100`)
  expect(body['data']).toHaveLength(ids.length)

  const paused: string[] = []
  while (paused.length < 12) {
    const daily = { type: 'cron', expression: '0 9 * * *', display_name: 'Daily' }
    const made = await cluster.call('POST', all, { ...daily, payload: { input: 'x' } })
    const id = String(made.body['_id'])
    await cluster.call('PATCH', `${all}/${id}`, { is_active: false })
    paused.push(id)
  }
  const about = (id: string) => receiver.received.some(({ event }) => event.data['id'] === id)
  await until(() => paused.every(about) || undefined)
  await cluster.call('DELETE', `/v1/webhook_endpoints/${String(endpoint.body['id'])}`)
})

test('a submit with an Idempotency-Key is repeated without a second task', async ({
  cluster,
  path: { responses },
}) => {
  const submit = async () => {
    const headers = {
      authorization: `Bearer ${cluster.key}`,
      'content-type': 'application/json',
      'idempotency-key': 'once',
    }
    const body = JSON.stringify({ background: true, ...script({ text: 'Once.' }) })
    const reply = await fetch(cluster.url + responses, { method: 'POST', headers, body })
    return ((await reply.json()) as { task_id: string }).task_id
  }
  const [first, ...others] = await Promise.all([submit(), submit(), submit()])
  expect(others).toEqual([first, first])
})

test('limits, pause, counts and the doctor work in all shards', async ({ cluster }) => {
  expect(await cluster.call('POST', '/v2/admin/pause')).toMatchObject({ status: 200 })
  expect(await cluster.call('POST', '/v2/admin/resume')).toMatchObject({ status: 200 })
  const scale = await cluster.call('GET', '/v2/admin/scale')
  expect(scale).toMatchObject({ status: 200 })
  const limits = await cluster.call('PATCH', '/v2/limits', { running: 100 })
  expect(limits.status).toBeLessThan(500)
  const doctor = await cluster.call('GET', '/v2/admin/doctor?limit=1000')
  expect(doctor).toMatchObject({ status: 200, body: { findings: [] } })
})

test('a slot that moves to another primary takes its tasks and readers with it', async ({
  cluster,
  path: { responses },
  store,
}) => {
  const before = await begin(cluster, responses, script({ text: 'Before.', delay: 1_500 }))
  for (let shard = 0; shard < shards; shard += 1) {
    const key = `{lh:s${shard}}:wake`
    const from = await store.primaryOf(key)
    const to = store.nodes.find((node) => node.id !== from.id) ?? from
    await store.moveSlot(key, to)
  }
  const turns = Array.from({ length: 20 }, () => script({ text: 'After.' }))
  const tasks = await Promise.all(turns.map((turn) => begin(cluster, responses, turn)))
  for (const task of [before, ...tasks]) {
    expect(await ended(cluster, responses, task)).toMatchObject({ status: 'completed' })
  }
  const ready = await fetch(`${cluster.url}/readyz`)
  expect(ready.status).toBe(200)
})
