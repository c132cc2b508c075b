import { createHmac } from 'node:crypto'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { expect } from 'vitest'
import { newKey } from '../../support/new-agent.ts'
import { ask, script } from '../../support/orq-requests.ts'
import { test, typesOf } from '../../support/webhook-test.ts'

/** A type of events that OpenAI does not have. */
const required = 'response.action_required' as 'response.completed'

test('openai manages endpoints, and unwraps the events of its receiver', async ({
  openai,
  orq,
  agent,
  receive,
}) => {
  const receiver = await receive()
  const created = await openai.webhooks.create({
    name: 'mine',
    url: receiver.url,
    event_types: ['response.completed', 'response.failed'],
  })
  expect(created).toMatchObject({ object: 'webhook_endpoint', name: 'mine', url: receiver.url })
  expect(created.signing_secret).toMatch(/^whsec_/)
  const { signing_secret: secret, ...shown } = created
  expect(await openai.webhooks.retrieve(created.id)).toEqual(shown)
  const listed = await openai.webhooks.list({ limit: 1 })
  expect(listed.data).toEqual([shown])
  const older = await openai.webhooks.list({ limit: 1, after: created.id })
  expect(older.data.map(({ id }) => id)).not.toContain(created.id)

  const { taskId } = await ask(orq, agent, { ...script({ text: 'done' }), metadata: { order: 7 } })
  await expect.poll(() => typesOf(receiver.about(taskId))).toEqual(['response.completed'])
  const [received] = receiver.about(taskId)
  const headers = received?.headers as Record<string, string>
  const event = await openai.webhooks.unwrap(received?.body ?? '', headers, secret)
  expect(event).toMatchObject({
    id: headers['webhook-id'],
    object: 'event',
    type: 'response.completed',
    data: {
      id: `resp_${taskId}0001`,
      task_id: taskId,
      agent,
      status: 'completed',
      finish_reason: 'stop',
      metadata: { order: 7 },
      usage: { total_tokens: expect.any(Number) },
    },
  })
  const forged = openai.webhooks.verifySignature(`${received?.body} `, headers, secret)
  await expect(forged).rejects.toThrow('does not match')
  const standard = new StandardWebhook(secret)
  expect(standard.verify(received?.body ?? '', headers)).toEqual(event)
  expect(() => standard.verify('{}', headers)).toThrow('No matching signature')

  const changed = await openai.webhooks.update(created.id, {
    name: 'yours',
    event_types: [required],
  })
  expect(changed).toMatchObject({ name: 'yours', event_types: ['response.action_required'] })
  const { data: types } = await openai.webhooks.eventTypes.list()
  expect(types).toContain('response.action_required')
  const result = await openai.webhooks.test(created.id, { event_type: 'response.failed' })
  expect(result).toMatchObject({ status_code: 200, success: true, webhook_endpoint_id: created.id })
  expect(receiver.received.at(-1)?.event.type).toBe('response.failed')
  expect(await openai.webhooks.delete(created.id)).toMatchObject({ deleted: true })
  await expect(openai.webhooks.retrieve(created.id)).rejects.toThrow('404')
})

test('a rotation signs with both secrets for a day, or with the new one alone', async ({
  openai,
  receive,
}) => {
  const receiver = await receive()
  const { id, signing_secret: first } = await openai.webhooks.create({
    name: 'rotated',
    url: receiver.url,
    event_types: ['response.failed'],
  })
  const verifiedBy = async (secret: string) => {
    await openai.webhooks.test(id, { event_type: 'response.failed' })
    const { body = '', headers } = receiver.received.at(-1) ?? {}
    const unwrapped = openai.webhooks.unwrap(body, headers, secret)
    return await unwrapped.then(
      () => true,
      () => false,
    )
  }
  const keeping = { keep_old_secret_active_for_24_hours: true }
  const { signing_secret: second } = await openai.webhooks.rotateSecret(id, keeping)
  expect([await verifiedBy(first), await verifiedBy(second)]).toEqual([true, true])
  const { signing_secret: third } = await openai.webhooks.rotateSecret(id)
  const valid = []
  for (const secret of [first, second, third]) valid.push(await verifiedBy(secret))
  expect(valid).toEqual([false, false, true])
})

test('orq manages webhooks, and its header verifies their events', async ({
  orq,
  cluster,
  agent,
  receive,
}) => {
  const receiver = await receive()
  const { total } = await orq.webhooks.count()
  const secret = (await orq.webhooks.generateSecret()).secret
  const id = newKey('hook')
  const created = await orq.webhooks.create({
    id,
    url: receiver.url,
    contentType: 'application/x-www-form-urlencoded',
    displayName: `Name of ${id}`,
    events: ['response.*'],
    secret,
  })
  expect(created).toMatchObject({ id, secret, enabled: true, failureCount: 0 })
  const masked = await orq.webhooks.get({ id })
  expect(masked.secret).not.toContain(secret.slice(6, 20))
  expect({ ...masked, secret }).toEqual(created)
  expect((await orq.webhooks.count()).total).toBe(total + 1)
  const search = { search: `OF ${id}`, event: 'response.*', enabled: true }
  expect(await orq.webhooks.list(search)).toMatchObject({
    count: 1,
    items: [{ id }],
    hasMore: false,
  })
  const second = { id: newKey('hook'), displayName: `Name of ${id}`, url: receiver.url, secret }
  const kind = { contentType: 'application/json' as const, events: ['agent.*' as const] }
  await orq.webhooks.create({ ...second, ...kind })
  const both = { search: id, sort: 'created', limit: 1 } as const
  for (const [direction, ids] of [
    ['asc', [id, second.id]],
    ['desc', [second.id, id]],
  ] as const) {
    const pages = [1, 2].map((page) => orq.webhooks.list({ ...both, direction, page }))
    const found = await Promise.all(pages)
    expect(found.map(({ count, hasMore }) => [count, hasMore])).toEqual([
      [2, true],
      [2, false],
    ])
    expect(found.flatMap(({ items }) => items.map((each) => each.id))).toEqual(ids)
  }
  await orq.webhooks.delete({ id: second.id })
  const form = { ...search, contentType: 'application/json' }
  expect(await orq.webhooks.list(form)).toMatchObject({ count: 0, items: [] })
  const { items } = await orq.webhooks.query({ pagination: { page: 1, limit: 200 } })
  expect(items.map((each) => each.id)).toContain(id)

  const { taskId } = await ask(orq, agent, script({ text: 'done' }))
  await expect
    .poll(() => typesOf(receiver.about(taskId)).toSorted())
    .toEqual(['response.completed', 'response.started'])
  for (const { headers, body } of receiver.about(taskId)) {
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    expect(headers['x-orq-signature']).toBe(signature)
    expect(headers['webhook-signature']).toMatch(/^v1,/)
  }

  expect(await orq.webhooks.update({ id, requestBody: {} })).toBeDefined()
  const patch = { display_name: 'other', enabled: false }
  const patched = await cluster.call('PATCH', `/v2/webhooks/${id}`, patch)
  expect(patched).toMatchObject({ status: 200, body: { display_name: 'other', enabled: false } })
  expect(await orq.webhooks.delete({ id })).toEqual({ id })
  await expect(orq.webhooks.get({ id })).rejects.toThrow('There is no webhook endpoint')
})

test('wrong endpoints are refused with the field that is wrong', async ({ cluster }) => {
  const endpoint = { name: 'n', url: 'https://shop.example', event_types: ['response.*'] }
  const wrong: [object, string][] = [
    [{ ...endpoint, url: 'http://shop.example/events' }, 'url'],
    [{ ...endpoint, url: 'ftp://example.com' }, 'url'],
    [{ ...endpoint, url: 'https://10.0.0.1/' }, 'url'],
    [{ ...endpoint, event_types: ['batch.completed'] }, 'event_types[0]'],
    [{ ...endpoint, event_types: [] }, 'event_types'],
    [{ ...endpoint, name: '' }, 'name'],
  ]
  for (const [body, path] of wrong) {
    const reply = await cluster.call('POST', '/v1/webhook_endpoints', body)
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ path }] } })
  }
})

test.for([
  'https://127.0.0.2/',
  'https://localhost/',
  'https://0x7f000002/',
  'https://2130706434/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.2]/',
  'https://[64:ff9b::7f00:2]/',
  'https://169.254.169.254/latest/meta-data/',
  'https://10.1.2.3/',
  'https://192.168.0.1/',
  'https://172.16.0.1/',
  'https://100.64.0.1/',
  'https://0.0.0.0/',
  'https://me:secret@shop.example/',
  'http://shop.example/',
  'gopher://127.0.0.1:6379/_FLUSHALL',
  'file:///etc/passwd',
])('%s is refused as an endpoint and in a request', async (url, { cluster, agent }) => {
  const endpoint = { name: 'n', url, event_types: ['response.*'] }
  const created = await cluster.call('POST', '/v1/webhook_endpoints', endpoint)
  expect(created).toMatchObject({ status: 400, body: { errors: [{ path: 'url' }] } })
  const turn = { ...script({ text: 'x' }), longhaul: { webhook: url }, background: true }
  const submitted = await cluster.call('POST', `/v2/agents/${agent}/responses`, turn)
  expect(submitted.status).toBe(400)
})

test('an endpoint of another workspace is unknown', async ({ cluster, openai, stranger }) => {
  const { id } = await openai.webhooks.create({
    name: 'mine',
    url: 'https://shop.example/',
    event_types: ['response.failed'],
  })
  await expect(stranger.webhooks.get({ id })).rejects.toThrow('There is no webhook endpoint')
  expect((await stranger.webhooks.list()).items.map((each) => each.id)).not.toContain(id)
  const shown = await cluster.call('GET', `/v2/webhooks/${id}`)
  expect(shown).toMatchObject({ status: 200, body: { _id: id } })
})
