import { expect } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { everythingIn, leaksOf } from '../../support/find-secrets.ts'
import { scripted } from '../../support/openai-test.ts'
import { ask, script } from '../../support/orq-requests.ts'
import { test, typesOf } from '../../support/webhook-test.ts'

test('an event is sent again until it arrives, with the same id, and every attempt is logged', async ({
  openai,
  orq,
  cluster,
  agent,
  receive,
}) => {
  let failures = 1
  const receiver = await receive((_, response) => {
    failures -= 1
    response.statusCode = failures >= 0 ? 503 : 200
    response.end('x'.repeat(5_000))
  })
  const { id, signing_secret: secret } = await openai.webhooks.create({
    name: 'retried',
    url: receiver.url,
    event_types: ['response.completed'],
  })
  const { taskId } = await ask(orq, agent, script({ text: 'done' }))
  await expect.poll(() => receiver.about(taskId).length).toBe(2)
  const [first, second] = receiver.about(taskId)
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  expect(second?.body).toBe(first?.body)
  const path = `/v1/webhook_endpoints/${id}/deliveries`
  const delivery = async () => {
    const list = await cluster.call('GET', `${path}?type=response.completed`)
    const [one] = list.body['data'] as { id: string }[]
    return (await cluster.call('GET', `${path}/${one?.id}`)).body
  }
  await expect.poll(delivery).toMatchObject({
    id: first?.headers['webhook-id'],
    status: 'delivered',
    request: { body: first?.body },
    attempts: [
      { status: 503, answer: 'x'.repeat(4_096) },
      { status: 200, ms: expect.any(Number) },
    ],
  })
  const idsOf = async (query: string) => {
    const { body } = await cluster.call('GET', `${path}?${query}`)
    return (body['data'] as { id: string }[]).map((each) => each.id)
  }
  expect(await idsOf('status=delivered&since=2020-01-01T00:00:00Z')).toEqual([first?.event.id])
  expect(await idsOf('status=pending')).toEqual([])
  expect(await idsOf('since=2999-01-01T00:00:00Z')).toEqual([])
  expect(await idsOf(`starting_after=${first?.event.id}`)).toEqual([])
  const again = await cluster.call('POST', `${path}/${first?.event.id}/redeliver`)
  // A worker may have delivered it before the reply.
  expect(again).toMatchObject({ status: 202, body: { id: first?.event.id } })
  await expect.poll(() => receiver.about(taskId).length).toBe(3)
  expect(receiver.about(taskId)[2]?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  // A secret is in no reply but the one that has made it, in no log, and not in Redis.
  const { signing_secret: newer } = await openai.webhooks.rotateSecret(id, {
    keep_old_secret_active_for_24_hours: true,
  })
  await openai.webhooks.test(id, { event_type: 'response.completed' })
  const lists = ['/v1/webhook_endpoints', `/v1/webhook_endpoints/${id}`, `/v2/webhooks/${id}`]
  const shown = await Promise.all(lists.map((each) => cluster.call('GET', each)))
  const replies = [await delivery(), ...shown.map(({ body }) => body)]
  const seen = { replies, logs: [...cluster.logs.values()] }
  const everywhere = { ...seen, redis: await everythingIn(cluster.redisUrl) }
  const secrets = [secret, newer].flatMap((each) => [each, each.slice('whsec_'.length)])
  expect(leaksOf(secrets, everywhere)).toEqual([])
})

test('a request names what is notified besides the endpoints', async ({
  openai,
  cluster,
  agent,
  receive,
}) => {
  const receiver = await receive()
  const { id } = await openai.webhooks.create({
    name: 'named',
    url: receiver.url.replace('/events', '/named'),
    event_types: ['webhook_endpoint.disabled' as 'response.failed'],
  })
  const path = `/v2/agents/${agent}/responses`
  const turn = { ...script({ text: 'done' }), background: true }
  const input = scripted({ text: 'done' })
  const response = { model: `agent/${agent}`, input, background: true }
  const submit = async (to: string, body: object, headers: Record<string, string> = {}) => {
    const own = { authorization: `Bearer ${cluster.key}`, 'content-type': 'application/json' }
    const request = { method: 'POST', headers: { ...own, ...headers } }
    const reply = await fetch(cluster.url + to, { ...request, body: JSON.stringify(body) })
    const { task_id: task, id: answered } = (await reply.json()) as Record<string, string>
    return task ?? String(answered).replace(/^resp_(.*)\d{4}$/, '$1')
  }
  for (const webhook of [receiver.url, id]) {
    const own = { longhaul: { webhook } }
    const headers = { 'longhaul-webhook': webhook }
    const tasks = [
      await submit(path, { ...turn, ...own }),
      await submit(path, turn, headers),
      await submit('/v1/responses', { ...response, ...own }),
      await submit('/v1/responses', response, headers),
    ]
    for (const task of tasks) {
      await expect.poll(() => typesOf(receiver.about(task))).toEqual(['response.completed'])
      const [received] = receiver.about(task)
      expect(received?.path).toBe(webhook === id ? '/named' : '/events')
      // Only an endpoint has a secret.
      expect('webhook-signature' in (received?.headers ?? {})).toBe(webhook === id)
    }
  }
  const unknown = await cluster.call('POST', path, { ...turn, longhaul: { webhook: 'whe_none' } })
  expect(unknown).toMatchObject({ status: 400, body: { errors: [{ path: 'longhaul.webhook' }] } })
})

test('approvals, functions, failures, limits and cancels have their events', async ({
  openai,
  orq,
  cluster,
  agent,
  receive,
}) => {
  const receiver = await receive()
  const { id } = await openai.webhooks.create({
    name: 'all',
    url: receiver.url,
    event_types: ['response.*' as 'response.failed'],
  })
  const tool = {
    type: 'code',
    key: 'checked',
    description: 'Computes.',
    requires_approval: true,
    code_tool: { language: 'python', code: 'result = 1', parameters: { type: 'object' } },
  }
  const asks = { key: `${agent}-asks`, role: 'r', description: 'd', instructions: 'i', path: 'p' }
  const settings = { tools: [tool] }
  const model = 'openai/scripted'
  await cluster.call('POST', '/v2/agents', { ...asks, model, settings })
  const submit = async (key: string, turn: object) => {
    const body = { ...turn, background: true }
    const reply = await cluster.call('POST', `/v2/agents/${key}/responses`, body)
    return String(reply.body['task_id'])
  }
  const call = { name: 'checked', arguments: {} }
  const waits = await submit(asks.key, script({ calls: [call, call] }))
  await expect
    .poll(() => typesOf(receiver.about(waits)).toSorted())
    .toEqual(['response.action_required', 'response.started'])
  // Both calls have one event, and none is missing.
  const range = { since: '2020-01-01T00:00:00Z', include: 'missing' }
  const recovered = await cluster.call('POST', `/v2/webhooks/${id}/recover`, range)
  expect(recovered).toMatchObject({ status: 202, body: { recovered: 0 } })
  await cluster.call('POST', `/v2/agents/${asks.key}/responses/${waits}/cancel`)
  const fails = await submit(agent, script({ status: 401 }))
  const short = await ask(orq, agent, script({ text: 'cut', finish: 'length' }))
  const expected: [string, string][] = [
    [waits, 'response.cancelled'],
    [fails, 'response.failed'],
    [short.taskId, 'response.incomplete'],
  ]
  for (const [task, type] of expected) {
    await expect.poll(() => typesOf(receiver.about(task, type))).toEqual([type])
  }
})

test('a receiver that answers 410 is disabled, and the others learn it', async ({
  openai,
  orq,
  cluster,
  agent,
  receive,
}) => {
  const [gone, other] = [
    await receive((_, response) => response.writeHead(410).end()),
    await receive(),
  ]
  const { id } = await openai.webhooks.create({
    name: 'gone',
    url: gone.url,
    event_types: ['response.completed'],
  })
  await openai.webhooks.create({
    name: 'other',
    url: other.url,
    event_types: ['webhook_endpoint.*' as 'response.failed'],
  })
  await ask(orq, agent, script({ text: 'done' }))
  await expect.poll(() => typesOf(other.received)).toEqual(['webhook_endpoint.disabled'])
  expect(other.received[0]?.event.data).toMatchObject({ id, name: 'gone', reason: 'gone' })
  const path = `/v1/webhook_endpoints/${id}`
  const disabled = { enabled: false, disabled_reason: 'gone', failure_count: 1 }
  expect((await cluster.call('GET', path)).body).toMatchObject(disabled)
  const since = '2020-01-01T00:00:00Z'
  expect((await cluster.call('POST', `${path}/recover`, { since })).status).toBe(409)
  await cluster.call('POST', path, { enabled: true })
  const recovered = await cluster.call('POST', `${path}/recover`, { since })
  expect(recovered).toMatchObject({ status: 202, body: { recovered: 1 } })
  await expect.poll(() => gone.received.length).toBe(2)
  expect(gone.received[1]?.event.id).toBe(gone.received[0]?.event.id)
})

test('a redirect is not followed', async ({ openai, orq, cluster, agent, receive }) => {
  const target = await receive()
  const receiver = await receive((_, response) => {
    response.writeHead(307, { location: target.url }).end()
  })
  const { id } = await openai.webhooks.create({
    name: 'redirected',
    url: receiver.url,
    event_types: ['response.completed'],
  })
  await ask(orq, agent, script({ text: 'done' }))
  const list = async () => {
    const { body } = await cluster.call('GET', `/v2/webhooks/${id}/deliveries`)
    return body['data']
  }
  await expect.poll(list).toMatchObject([{ status: 'pending', attempt_count: 1 }])
  expect([receiver.received.length, target.received]).toEqual([1, []])
})

test('recover sends the ends of turns that happened while the endpoint was disabled', async ({
  openai,
  orq,
  cluster,
  agent,
  receive,
}) => {
  const [receiver, witness] = [await receive(), await receive()]
  const event_types = ['response.completed' as const]
  const witnessed = { url: witness.url, event_types: [...event_types, 'response.failed' as const] }
  await openai.webhooks.create({ name: 'witness', ...witnessed })
  const { id } = await openai.webhooks.create({
    name: 'paused',
    url: receiver.url,
    event_types,
  })
  const path = `/v1/webhook_endpoints/${id}`
  const sent = await ask(orq, agent, script({ text: 'sent' }))
  await expect.poll(() => receiver.about(sent.taskId).length).toBe(1)
  await cluster.call('POST', path, { enabled: false })
  const missed = await ask(orq, agent, script({ text: 'missed' }))
  await expect.poll(() => witness.about(missed.taskId).length).toBe(1)
  // It wants no failures, but a request has named it.
  const turn = { ...script({ status: 401 }), background: true, longhaul: { webhook: id } }
  const { body } = await cluster.call('POST', `/v2/agents/${agent}/responses`, turn)
  const failed = String(body['task_id'])
  await expect.poll(() => typesOf(witness.about(failed))).toEqual(['response.failed'])
  await cluster.call('POST', path, { enabled: true })
  const range = { since: '2020-01-01T00:00:00Z', include: 'missing' }
  const recovered = await cluster.call('POST', `${path}/recover`, range)
  expect(recovered).toMatchObject({ status: 202, body: { recovered: 2, has_more: false } })
  await expect.poll(() => typesOf(receiver.about(missed.taskId))).toEqual(['response.completed'])
  await expect.poll(() => typesOf(receiver.about(failed))).toEqual(['response.failed'])
  expect(receiver.about(sent.taskId)).toHaveLength(1)
  expect((await cluster.call('POST', `${path}/recover`, range)).body).toMatchObject({
    recovered: 0,
  })
})

test('the changes of an agent have their events', async ({ openai, cluster, receive }) => {
  const receiver = await receive()
  await openai.webhooks.create({
    name: 'agents',
    url: receiver.url,
    event_types: ['agent.*' as 'response.failed'],
  })
  const agent = newAgent()
  const { body } = await cluster.call('POST', '/v2/agents', agent)
  const path = `/v2/agents/${agent.key}`
  await cluster.call('PATCH', path, { description: 'Other.' })
  await cluster.call('DELETE', path)
  const about = () => receiver.received.filter(({ event }) => event.data['id'] === body['_id'])
  await expect
    .poll(() => typesOf(about()).toSorted())
    .toEqual(['agent.created', 'agent.deleted', 'agent.updated'])
  expect(about().map(({ event }) => event.data['key'])).toEqual(Array(3).fill(agent.key))
})
