import { callWith, type Cluster, openRedis, shardTags } from '@longhaul/testbed'
import { expect, onTestFinished } from 'vitest'
import { test } from '../../support/orq-test.ts'
import { until } from '../../support/until.ts'

const daily = {
  type: 'cron' as const,
  expression: '0 0 9 * * *',
  displayName: 'Morning report',
  payload: { input: 'Good morning.' },
}

function pathOf(agent: string, id = ''): string {
  return `/v3/agents/${agent}/schedules${id === '' ? '' : `/${id}`}`
}

async function runsOf(cluster: Cluster, agent: string, id: string) {
  const { body } = await cluster.call('GET', `${pathOf(agent, id)}/runs`)
  return body['runs'] as Record<string, unknown>[]
}

/** Creates a schedule with fields that the SDK does not have. */
async function create(cluster: Cluster, agent: string, fields: object) {
  const body = {
    type: 'cron',
    expression: '0 9 * * *',
    display_name: 'Report',
    payload: { input: JSON.stringify({ script: [{ text: 'done' }] }) },
    ...fields,
  }
  const reply = await cluster.call('POST', pathOf(agent), body)
  expect([reply.status, reply.body]).toEqual([201, reply.body])
  return { ...reply.body, id: String(reply.body['_id']) }
}

test('every method of schedules works with the SDK', async ({ cluster, orq, agent }) => {
  expect(await orq.schedules.list({ agentKey: agent })).toEqual({ schedules: [] })
  const created = await orq.schedules.create({ agentKey: agent, requestBody: daily })
  expect(created).toMatchObject({
    agentKey: agent,
    ...daily,
    generation: 1,
    isActive: true,
    triggerCount: 0,
    createdById: expect.stringMatching(/./),
  })
  const name = { agentKey: agent, scheduleId: created.id }
  expect(await orq.schedules.retrieve(name)).toEqual(created)
  expect((await orq.schedules.list({ agentKey: agent })).schedules).toEqual([created])

  expect(await orq.schedules.trigger(name)).toEqual({
    scheduleId: created.id,
    status: 'triggered',
  })
  await expect.poll(async () => (await orq.schedules.retrieve(name)).triggerCount).toBe(1)
  const [run] = await runsOf(cluster, agent, created.id)
  expect(run).toMatchObject({ kind: 'manual', task_id: expect.any(String) })
  const response = await until(async () => {
    const { body } = await cluster.call('GET', `/v1/responses/${String(run?.['response_id'])}`)
    return body['status'] === 'completed' ? body : undefined
  })
  expect(response).toMatchObject({ model: `agent/${agent}` })

  const changed = await orq.schedules.update({
    ...name,
    requestBody: { expression: '0 0 10 * * *' },
  })
  expect(changed).toMatchObject({ generation: 2, triggerCount: 0, expression: '0 0 10 * * *' })
  const off = await orq.schedules.update({ ...name, requestBody: { isActive: false } })
  expect(off).toMatchObject({ isActive: false, generation: 2 })
  await expect(orq.schedules.trigger(name)).rejects.toMatchObject({
    statusCode: 400,
    error: { code: 'schedule_inactive' },
  })
  await orq.schedules.delete(name)
  await expect(orq.schedules.retrieve(name)).rejects.toMatchObject({
    statusCode: 404,
    error: { code: 'schedule_not_found' },
  })
  await expect(
    orq.schedules.create({ agentKey: agent, requestBody: { ...daily, expression: 'soon' } }),
  ).rejects.toMatchObject({ statusCode: 400, error: { code: 'invalid_expression' } })
  await expect(
    orq.schedules.create({ agentKey: 'nobody', requestBody: daily }),
  ).rejects.toMatchObject({ statusCode: 404, error: { code: 'agent_not_found' } })
})

test('a schedule has a zone, tells its next times, and takes a patch', async ({
  cluster,
  agent,
}) => {
  const made = await create(cluster, agent, {
    timezone: 'Europe/Berlin',
    overlap: 'queue',
    catch_up: { window: 'PT2H', runs: 'all' },
    spread: '10m',
    end_at: '2040-01-31T09:00:00Z',
    max_runs: 3,
    priority: 2,
    pause_after_failures: 3,
    payload: { input: 'x', metadata: { a: 'b' }, variables: { word: 'w' } },
  })
  expect(made).toMatchObject({
    timezone: 'Europe/Berlin',
    overlap: 'queue',
    catch_up: { window: 'PT2H', runs: 'all' },
    spread: '10m',
    upcoming: [expect.any(String), expect.any(String), expect.any(String)],
    continue_task: false,
  })
  const path = pathOf(agent, made.id)
  const { status, body } = await cluster.call('PATCH', path, { end_at: null, max_runs: null })
  expect(status).toBe(200)
  expect(body).toMatchObject({ generation: 2, priority: 2 })
  expect(body).not.toHaveProperty('end_at')
  expect(body['upcoming']).toHaveLength(5)
  const wrong: [object, string][] = [
    [{ timezone: 'Mars/Olympus' }, 'timezone'],
    [{ overlap: 'never' }, 'overlap'],
    [{ overlap: 'allow', continue_task: true }, 'overlap'],
    [{ payload: { input: 7 } }, 'payload.input'],
    [{ payload: { input: [{ type: 'item_reference', id: 'msg_1' }] } }, 'payload.input[0]'],
    [{ agent_tag: '9.9.9' }, 'agent_tag'],
    [{ type: 'once', expression: '@at 2020-01-01T00:00:00Z' }, 'expression'],
    [{ expression: '* * * * * *' }, 'expression'],
  ]
  for (const [patch, field] of wrong) {
    const refused = await cluster.call('PATCH', path, patch)
    expect([patch, refused.status, refused.body['errors']]).toMatchObject([
      patch,
      400,
      [{ path: field }],
    ])
  }
  expect((await cluster.call('GET', path)).body).toEqual(body)
})

test('a schedule for once fires at its time, and is then finished', async ({ cluster, agent }) => {
  const at = new Date(Date.now() + 1_500).toISOString()
  const made = await create(cluster, agent, { type: 'once', expression: `@at ${at}` })
  const fired = await until(async () => {
    const { body } = await cluster.call('GET', pathOf(agent, made.id))
    return body['trigger_count'] === 1 ? body : undefined
  })
  expect(fired).toMatchObject({ is_active: false, paused_reason: 'finished', upcoming: [] })
  expect(await runsOf(cluster, agent, made.id)).toMatchObject([
    { kind: 'scheduled', scheduled_for: at, task_id: expect.any(String) },
  ])
})

test('a backfill runs each past occurrence, and all runs continue one task', async ({
  cluster,
  agent,
}) => {
  const made = await create(cluster, agent, { continue_task: true })
  const path = `${pathOf(agent, made.id)}/backfill`
  const span = { from: '2026-01-01T00:00:00Z', to: '2026-01-03T00:00:00Z' }
  expect(await cluster.call('POST', path, span)).toMatchObject({
    status: 202,
    body: {
      runs: [
        { scheduled_for: '2026-01-01T09:00:00.000Z' },
        { scheduled_for: '2026-01-02T09:00:00.000Z' },
      ],
    },
  })
  await expect
    .poll(async () => (await runsOf(cluster, agent, made.id)).map(({ status }) => status))
    .toEqual(['completed', 'continued'])
  const [second, first] = await runsOf(cluster, agent, made.id)
  expect(second?.['task_id']).toBe(first?.['task_id'])
  expect(await cluster.call('POST', path, { ...span, to: '2126-01-03T00:00:00Z' })).toMatchObject({
    status: 400,
  })
})

test('requests with the same Idempotency-Key are one run', async ({ cluster, agent }) => {
  const made = await create(cluster, agent, {})
  const path = `${pathOf(agent, made.id)}/execution`
  const trigger = async (key: string) => {
    const headers = { authorization: `Bearer ${cluster.key}`, 'idempotency-key': key }
    const reply = await fetch(cluster.url + path, { method: 'POST', headers })
    return { status: reply.status, headers: reply.headers, body: await reply.json() }
  }
  const replies = await Promise.all(Array.from({ length: 8 }, () => trigger('one')))
  const replayed = replies.map(({ headers }) => headers.get('idempotent-replayed'))
  expect(replies.map(({ status, body }) => [status, body])).toEqual(
    replies.map(() => [202, { schedule_id: made.id, status: 'triggered' }]),
  )
  expect(replayed.filter((header) => header === 'true')).toHaveLength(7)
  await expect
    .poll(async () => (await runsOf(cluster, agent, made.id)).map(({ status }) => status))
    .toEqual(['completed'])
  // Also after the run, and when the schedule could start no other one.
  await cluster.call('PATCH', pathOf(agent, made.id), { is_active: false })
  expect((await trigger('one')).status).toBe(202)
  expect((await trigger('two')).status).toBe(400)
  await cluster.call('PATCH', pathOf(agent, made.id), { is_active: true })
  await trigger('two')
  await trigger('one')
  await expect
    .poll(async () => (await runsOf(cluster, agent, made.id)).map(({ status }) => status))
    .toEqual(['completed', 'completed'])
  expect((await trigger('no spaces')).status).toBe(400)
})

test('a deleted agent leaves no schedule behind', async ({ cluster, agent }) => {
  const made = await create(cluster, agent, {})
  const redis = openRedis(cluster.redisUrl)
  onTestFinished(() => redis.disconnect())
  const stored = async () => [
    await sumOfShards((tag) => redis.exists(`${tag}schedule:${made.id}`)),
    await sumOfShards((tag) => redis.zcard(`${tag}schedules:${cluster.workspace}`)),
    await sumOfShards((tag) => redis.zscore(`${tag}due-schedules`, made.id)),
  ]
  const [exists, others = 0, due] = await stored()
  expect(exists).toBe(1)
  expect(due).toBeGreaterThan(0)
  await cluster.call('DELETE', `/v2/agents/${agent}`)
  expect(await cluster.call('GET', pathOf(agent))).toMatchObject({ status: 404 })
  expect(await stored()).toEqual([0, others - 1, 0])
})

test('the schedules of all agents are listed in pages, the newest first', async ({
  cluster,
  agent,
}) => {
  const made = [await create(cluster, agent, {}), await create(cluster, agent, {})]
  const third = await create(cluster, agent, {})
  const read = async (query: string) => (await cluster.call('GET', `/v3/schedules${query}`)).body
  const first = await read('?limit=1')
  expect(first).toMatchObject({ schedules: [{ _id: third.id, agent_key: agent }], has_more: true })
  const rest = await read(`?starting_after=${third.id}`)
  const ids = (rest['schedules'] as { _id: string }[]).map(({ _id }) => _id)
  expect(ids.slice(0, 2)).toEqual([made[1]?.id, made[0]?.id])
  const strangers = await callWith(cluster.url, cluster.strangersKey)('GET', '/v3/schedules')
  expect(JSON.stringify(strangers.body)).not.toContain(third.id)
})

test('a preview tells when a schedule would fire, and stores nothing', async ({
  cluster,
  agent,
}) => {
  const times = {
    expression: '30 2 * * 0',
    timezone: 'Europe/Berlin',
    start_at: '2090-03-20T00:00:00Z',
  }
  const preview = (fields: object) =>
    cluster.call('POST', '/v3/schedules/preview', { type: 'cron', ...fields })
  const { upcoming } = (await preview(times)).body
  const created = await create(cluster, agent, times)
  expect(upcoming).toEqual(Object.entries(created).find(([name]) => name === 'upcoming')?.[1])
  expect((await preview({ ...times, max_runs: 2 })).body['upcoming']).toHaveLength(2)
  // The clocks leave 02:30 out on this day.
  expect(upcoming).toContain('2090-03-26T01:00:00.000Z')
  for (const expression of ['every day', '0 0 31 2 *']) {
    const refused = await preview({ expression })
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'invalid_expression' } } })
  }
})

async function sumOfShards(ask: (tag: string) => Promise<unknown>): Promise<number> {
  const answers = await Promise.all(shardTags.map(ask))
  return answers.reduce((sum: number, answer) => sum + Number(answer), 0)
}
