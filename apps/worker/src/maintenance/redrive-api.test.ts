import { connect, shardKeys } from '@longhaul/redis'
import { startScriptedServer, workerTest } from '@longhaul/testbed'
import { expect, onTestFinished } from 'vitest'
import { often } from '../plain.fixture.ts'

const path = '/v2/agents/clerk/responses'

/** An agent with tools of a scripted service, `find` a GET and `order` a POST. */
const test = workerTest
  .extend('service', { scope: 'file' }, async ({}, { onCleanup }) => {
    const service = await startScriptedServer()
    onCleanup(() => service.close())
    return service
  })
  .extend('workspace', { scope: 'file' }, async ({ lent: cluster, service }) => {
    for (const [key, method] of [
      ['find', 'GET'],
      ['order', 'POST'],
    ]) {
      const http = { blueprint: { url: `${service.url}/${key}`, method } }
      await cluster.call('POST', '/v2/tools', {
        key,
        path: 'tests',
        type: 'http',
        description: key,
        http,
      })
    }
    await cluster.call('POST', '/v2/agents', {
      key: 'clerk',
      role: 'clerk',
      description: 'd',
      instructions: 'i',
      path: 'tests',
      model: { id: 'openai/scripted', retry: { count: 1 } },
      settings: {
        tools: [
          { type: 'http', key: 'find' },
          { type: 'http', key: 'order' },
        ],
      },
    })
    return cluster
  })
  .extend('submit', async ({ cluster }) => {
    await cluster.startWorker(often)
    return async (text = 'Go.') => {
      const message = { role: 'user', parts: [{ kind: 'text', text }] }
      const { status, body } = await cluster.call('POST', path, { background: true, message })
      expect(status).toBe(200)
      return String(body['task_id'])
    }
  })
  .extend(
    'read',
    ({ cluster }) =>
      async (task: string) =>
        (await cluster.call('GET', `${path}/${task}?include=messages`)).body,
  )
  /** Moves the deadline of a task's latest turn to now. */
  .extend('expire', { scope: 'file' }, ({ workspace }, { onCleanup }) => {
    const redis = connect(workspace.redisUrl, { role: 'work', onError: () => {} })
    onCleanup(() => redis.disconnect())
    return (task: string) => redis.zadd(shardKeys(0).deadlines, 'XX', 0, `resp_${task}0001:end`)
  })
  .extend('until', ({ read }) => async (task: string, status: string) => {
    const now = async () => (await read(task))['status']
    await expect.poll(now).toBe(status)
    return await read(task)
  })
  .extend(
    'redrive',
    ({ cluster }) =>
      (id: string) =>
        cluster.call('POST', `/v2/admin/tasks/${id}/redrive`),
  )

const outage = { status: 500 }

test('a redrive continues a failed task from where it stopped, once, however often it is requested', async ({
  cluster,
  service,
  submit,
  until,
  redrive,
}) => {
  let away = true
  const call = { id: 'c1', name: 'find', arguments: {} }
  cluster.model.reply(({ body }) => {
    const answered = body.messages?.at(-1)?.role === 'tool'
    if (!answered) return { calls: [call], usage: { input: 3, output: 4 } }
    return away ? outage : { text: 'done', usage: { input: 5, output: 6 } }
  })
  const task = await submit()
  const failed = await until(task, 'failed')
  expect(failed).toMatchObject({
    error: expect.stringMatching(/^provider_failed/),
    usage: { total_tokens: 7 },
  })
  expect(cluster.model.requests).toHaveLength(3)

  away = false
  const replies = await Promise.all([redrive(task), redrive(task), redrive(String(failed['_id']))])
  const next = { task_id: task, response_id: `resp_${task}0002` }
  expect(replies).toEqual(replies.map(() => ({ status: 202, body: next })))
  const body = await until(task, 'completed')
  expect(await redrive(task)).toEqual(replies[0])
  expect(body).toMatchObject({
    _id: next.response_id,
    finish_reason: 'stop',
    usage: { total_tokens: 11 },
  })
  const messages = (body['output'] as { role: string; parts: { kind: string }[] }[]).slice(1)
  expect(messages.map(({ role, parts }) => `${role} ${parts[0]?.kind}`)).toEqual([
    'user text',
    'agent tool_call',
    'tool tool_result',
    'agent error',
    'agent text',
  ])
  const keys = cluster.model.requests.map(({ idempotencyKey }) => idempotencyKey)
  const [first, second] = [`resp_${task}0001.1`, `resp_${task}0001.2`]
  expect(keys).toEqual([first, second, second, `${next.response_id}.1`])
  expect(service.requests).toHaveLength(1)
})

test('a call in progress is made again with its key, or has an unknown outcome', async ({
  cluster,
  service,
  submit,
  until,
  expire,
  redrive,
}) => {
  const calls = ['find', 'order'].map((name) => ({ id: `c-${name}`, name, arguments: {} }))
  cluster.model.reply(({ body }) =>
    body.messages?.at(-1)?.role === 'tool' ? { text: 'done' } : { calls },
  )
  const before = service.requests.length
  service.reply(() => ({ fault: 'hang' }))
  const task = await submit()
  await expect.poll(() => service.requests.length).toBe(before + 2)
  await expire(task)
  await until(task, 'failed')

  service.reply(() => ({ body: { fine: true } }))
  expect(await redrive(task)).toMatchObject({ status: 202 })
  const body = await until(task, 'completed')
  const sent = service.requests
    .slice(before)
    .map(({ path: to, headers }) => `${to} ${String(headers['idempotency-key'])}`)
  const [find, order] = ['find', 'order'].map((name) => `/${name} resp_${task}0001.c-${name}`)
  expect(sent.toSorted()).toEqual([find, find, order])
  expect(body['output']).toMatchObject([
    {
      metadata: {
        tool_calls: [
          { id: 'c-order', error: expect.stringMatching(/outcome is unknown/) },
          { id: 'c-find', result: { fine: true } },
        ],
      },
    },
    {},
    {},
    {},
    {},
    {},
    {},
  ])
})

test('many failed tasks are redriven at a pace', async ({ cluster, submit, read, until }) => {
  let away = true
  cluster.model.reply(() => (away ? { status: 401 } : { text: 'done' }))
  const tasks = await Promise.all(Array.from({ length: 20 }, submit))
  await Promise.all(tasks.map((task) => until(task, 'failed')))
  const listed = await cluster.call('GET', '/v2/admin/tasks?error=provider_failed&limit=20')
  const data = listed.body['data'] as { task_id: string }[]
  expect(data.map(({ task_id: id }) => id).toSorted()).toEqual(tasks.toSorted())

  away = false
  const many = { error: 'provider_failed', workspace: cluster.workspace, per_second: 10 }
  const put = await cluster.call('POST', '/v2/admin/redrive', many)
  expect(put).toMatchObject({ status: 202, body: { added: 20, skipped: [], more: false } })
  const twice = await cluster.call('POST', '/v2/admin/redrive', many)
  expect(twice).toMatchObject({ status: 202, body: { added: 0 } })
  const ended = await Promise.all(tasks.map((task) => until(task, 'completed')))
  expect(ended.map(({ _id: id }) => id)).toEqual(tasks.map((task) => `resp_${task}0002`))
  // A worker may be late but never early: at most ten in a second, and a few late ones.
  const times = ended.map(({ created_at: at }) => Date.parse(String(at))).toSorted((a, b) => a - b)
  expect((times[19] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1_000)

  const ids = [tasks[0], 'nobody', `resp_${tasks[1]}0001`]
  const skipped = await cluster.call('POST', '/v2/admin/redrive', { ids })
  expect(skipped.body).toMatchObject({
    added: 0,
    skipped: [
      { id: ids[0], message: 'the task is completed' },
      { id: ids[1], message: 'there is no such task' },
      { id: ids[2], message: 'the task is completed' },
    ],
  })
  expect(await read(String(tasks[0]))).toMatchObject({ _id: `resp_${tasks[0]}0002` })
})

test('a task without its plan is not redriven, and the error says what to do', async ({
  cluster,
  submit,
  until,
  redrive,
}) => {
  cluster.model.reply(() => outage)
  const task = await submit()
  await until(task, 'failed')
  const redis = connect(cluster.redisUrl, { role: 'work', onError: () => {} })
  onTestFinished(() => redis.disconnect())
  for (const plan of await redis.keys(`{lh:w:${cluster.workspace}}:plan:*`)) await redis.del(plan)
  expect(await redrive(task)).toMatchObject({
    status: 409,
    body: {
      error: { message: expect.stringMatching(/plan of task .* is gone: send a new message/) },
    },
  })
})

test('a redrive whose log has lost a value is abandoned, and the operator receives the reason', async ({
  cluster,
  submit,
  until,
  redrive,
}) => {
  cluster.model.reply(() => outage)
  const task = await submit('x'.repeat(20_000))
  await until(task, 'failed')
  const redis = connect(cluster.redisUrl, { role: 'work', onError: () => {} })
  onTestFinished(() => redis.disconnect())
  for (const blob of await redis.keys(`*:task:${task}:blob:*`)) await redis.del(blob)
  const why = expect.stringMatching(/^The log of task .* cannot be read .*: begin a new task/)
  expect(await redrive(task)).toMatchObject({ status: 409, body: { error: { message: why } } })

  await cluster.call('POST', '/v2/admin/redrive', { ids: [task] })
  const entries = async () => {
    const { body } = await cluster.call('GET', `/v2/admin/tasks?workspace=${cluster.workspace}`)
    return body['data']
  }
  await expect
    .poll(entries)
    .toContainEqual(expect.objectContaining({ task_id: task, redrive_error: why }))
  expect(await redis.zrange(shardKeys(0).redrives, '0', '-1')).toEqual([])
})

test('a task that has not failed, or whose agent is deleted, is refused with the reason', async ({
  cluster,
  submit,
  until,
  redrive,
}) => {
  cluster.model.reply(() => ({ text: 'done' }))
  const done = await submit()
  await until(done, 'completed')
  expect(await redrive(done)).toMatchObject(refused(409, /number 1, was completed: only a failed/))
  cluster.model.reply(() => ({ fault: 'hang' }))
  const task = await submit()
  expect(await redrive(task)).toMatchObject(refused(409, /has a turn in progress/))
  await cluster.call('POST', `${path}/${task}/cancel?wait=10`)
  expect(await redrive(task)).toMatchObject(refused(409, /was cancelled: only a failed/))
  for (const id of [
    'nobody',
    `resp_${done}0002`,
    `resp_${done}0000`,
    '01K00000000000000000000000',
  ]) {
    expect([id, await redrive(id)]).toMatchObject([id, refused(404, /not found/)])
  }

  cluster.model.reply(() => ({ status: 401 }))
  const orphan = await submit()
  await until(orphan, 'failed')
  await cluster.call('DELETE', '/v2/agents/clerk')
  expect(await redrive(orphan)).toMatchObject(refused(409, /agent of task \w+ was deleted/))
})

function refused(status: number, message: RegExp) {
  return { status, body: { message: expect.stringMatching(message) } }
}
