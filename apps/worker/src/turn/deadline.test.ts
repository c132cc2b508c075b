import { createTaskStore, shardKeys } from '@longhaul/redis'
import { callWith, startScriptedServer } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import {
  asked,
  dateCall,
  failure,
  often,
  path,
  scripted,
  submit,
  test as base,
} from '../plain.fixture.ts'

const test = base
  .extend('redis', ({ cluster }, { onCleanup }) => {
    const redis = new Redis(cluster.redisUrl)
    onCleanup(() => redis.disconnect())
    return redis
  })
  /** Moves the deadlines of all live turns to now. */
  .extend('passDeadlines', ({ redis }) => async () => {
    const { deadlines } = shardKeys(0)
    const turns = await redis.zrange(deadlines, '0', '-1')
    await Promise.all(turns.map((turn) => redis.zadd(deadlines, 'XX', 1, turn)))
  })

test('a turn that passes its deadline fails, its calls are stopped, and its usage is reported', async ({
  cluster,
  passDeadlines,
}) => {
  await cluster.startWorker(often)
  const task = await submit(cluster, [{ text: 'one', calls: [dateCall] }, { fault: 'hang' }])
  await asked(cluster, 2)
  await passDeadlines()
  expect(await failure(cluster, task)).toMatch(/^deadline: /)
  const { body } = await cluster.call('GET', `${path}/${task}?include=messages`)
  expect(body).toMatchObject({ usage: { completion_tokens: 1 } })
  expect(JSON.stringify(body)).toContain('"name":"current_date"')
  await expect.poll(() => cluster.model.requests[1]?.status).toBe('closed')
  expect(cluster.model.requests).toHaveLength(2)
})

test('a turn whose tool hangs passes its deadline, and the tool is stopped', async ({
  cluster,
  passDeadlines,
}) => {
  await cluster.startWorker(often)
  const service = await startScriptedServer()
  service.reply(() => ({ fault: 'hang' }))
  const http = { blueprint: { url: service.url, method: 'POST' } }
  const tool = { path: 'tests', key: 'slow', type: 'http', description: 'd', http }
  await cluster.call('POST', '/v2/tools', tool)
  await cluster.call('POST', '/v2/agents', {
    key: 'slow',
    role: 'tester',
    description: 'waits',
    instructions: 'wait',
    path: 'tests',
    model: 'openai/scripted',
    settings: { tools: [{ type: 'http', key: 'slow' }] },
  })
  const script = [{ calls: [{ name: 'slow' }] }, { text: 'never asked for' }]
  const reply = cluster.call('POST', '/v2/agents/slow/responses', scripted(script))
  await expect.poll(() => service.requests.length).toBe(1)
  await passDeadlines()
  const { status, body } = await reply
  expect({ status, body }).toMatchObject({ status: 504, body: { error: { code: 'deadline' } } })
  const task = `/v2/agents/slow/responses/${String(body['task_id'])}`
  const { body: read } = await cluster.call('GET', task)
  expect(read).toMatchObject({ status: 'failed', error: expect.stringMatching(/^deadline: /) })
  await expect.poll(() => service.requests.map((each) => each.closedEarly)).toEqual([true])
  expect(cluster.model.requests).toHaveLength(1)
  await service.close()
})

test('a turn that no worker may start also fails at its deadline', async ({ cluster, redis }) => {
  const api = await cluster.startApi({ LONGHAUL_TURN_DEADLINE: '2s' })
  await redis.zadd(shardKeys(0).ring, -3, '!paused')
  const task = await submit({ ...cluster, call: callWith(api.url, cluster.key) }, [
    { text: 'done' },
  ])
  await cluster.startWorker(often)
  await expect.poll(async () => (await createTaskStore(redis).view(task))?.status).toBe('failed')
  expect(cluster.model.requests).toEqual([])
  await redis.zrem(shardKeys(0).ring, '!paused')
})

test('a running task is deleted at once, and its calls are stopped', async ({ cluster }) => {
  await cluster.startWorker()
  const task = await submit(cluster, [{ fault: 'hang' }])
  await asked(cluster, 1)
  expect((await cluster.call('DELETE', `${path}/${task}`)).status).toBe(204)
  expect((await cluster.call('GET', `${path}/${task}`)).status).toBe(404)
  expect((await cluster.call('DELETE', `${path}/${task}`)).status).toBe(404)
  await expect.poll(() => cluster.model.requests[0]?.status).toBe('closed')
  const late = { background: true, task_id: task, ...scripted([{ text: 'again' }]) }
  expect((await cluster.call('POST', path, late)).status).toBe(404)
})

test('a caller that waits for a task stops waiting when the task is deleted', async ({
  cluster,
}) => {
  await cluster.startWorker()
  const waiting = cluster.call('POST', path, scripted([{ fault: 'hang' }]))
  await asked(cluster, 1)
  const { body } = await cluster.call('GET', path)
  const [task] = body['data'] as { task_id: string }[]
  await cluster.call('DELETE', `${path}/${task?.task_id}`)
  // The waiting call receives the cancelled turn, or an error that it no longer exists.
  expect([404, 409]).toContain((await waiting).status)
})
