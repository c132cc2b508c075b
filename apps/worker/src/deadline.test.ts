import { createTaskStore, shardKeys } from '@longhaul/redis'
import { type Stack, startScriptedServer, startStack, test as base } from '@longhaul/testing'
import { expect } from 'vitest'

const path = '/v2/agents/plain/responses'

const env = {
  LONGHAUL_LOCK_MS: '1000',
  LONGHAUL_TURN_DEADLINE: '2s',
  LONGHAUL_EGRESS_ALLOW: '127.0.0.1',
}

const test = base.extend('stack', async ({ redis, redisUrl }, { onCleanup }) => {
  expect(await redis.dbsize()).toBe(0)
  const stack = await startStack({ redisUrl, env })
  onCleanup(() => stack.stop())
  await stack.call('POST', '/v2/agents', {
    key: 'plain',
    role: 'tester',
    description: 'answers',
    instructions: 'answer',
    path: 'tests',
    model: 'openai/scripted',
    settings: { tools: [{ type: 'current_date' }] },
  })
  return stack
})

test('a turn that passes its deadline fails, its calls are stopped, and what it used is told', async ({
  stack,
}) => {
  const dateCall = { id: 'c1', name: 'current_date', arguments: {} }
  const task = await submit(stack, [
    { text: 'one', calls: [dateCall] },
    { delay: 60_000, text: 'late' },
  ])
  const read = async () => (await stack.call('GET', `${path}/${task}?include=messages`)).body
  await expect.poll(async () => (await read())['status'], { timeout: 10_000 }).toBe('failed')
  expect(await read()).toMatchObject({
    error: expect.stringMatching(/^deadline: /),
    usage: { completion_tokens: 1 },
  })
  expect(JSON.stringify(await read())).toContain('"name":"current_date"')
  await expect.poll(() => stack.model.requests[1]?.status, { timeout: 1_000 }).toBe('closed')
  expect(stack.model.requests).toHaveLength(2)
})

test('a turn whose tool hangs passes its deadline, and the tool is stopped', async ({ stack }) => {
  const service = await startScriptedServer()
  service.reply(() => ({ fault: 'hang' }))
  const http = { blueprint: { url: service.url, method: 'POST' } }
  const tool = { path: 'tests', key: 'slow', type: 'http', description: 'd', http }
  await stack.call('POST', '/v2/tools', tool)
  await stack.call('PATCH', '/v2/agents/plain', {
    settings: { tools: [{ type: 'http', key: 'slow' }] },
  })
  const said = say([{ calls: [{ name: 'slow' }] }, { text: 'never asked for' }])
  const { status, body } = await stack.call('POST', path, said)
  expect({ status, body }).toMatchObject({ status: 504, body: { error: { code: 'deadline' } } })
  const { body: read } = await stack.call('GET', `${path}/${String(body['task_id'])}`)
  expect(read).toMatchObject({ status: 'failed', error: expect.stringMatching(/^deadline: /) })
  await expect.poll(() => service.requests.map((each) => each.closedEarly)).toEqual([true])
  expect(stack.model.requests).toHaveLength(1)
  await service.close()
})

test('a turn that no worker takes passes its deadline, too, once there is one', async ({
  stack,
  redis,
}) => {
  await stack.workers[0]?.stop()
  const task = await submit(stack, [{ text: 'done' }])
  const { queue, outbox } = shardKeys(0)
  await redis.del(`${queue}wait`, `${queue}marker`)
  await redis.zadd(outbox, 'XX', '+inf', (await redis.zrange(outbox, '0', '-1'))[0] ?? '')
  await stack.startWorker()
  await expect
    .poll(async () => (await createTaskStore(redis).view(task))?.status, { timeout: 10_000 })
    .toBe('failed')
  expect(stack.model.requests).toEqual([])
})

test('a task that is deleted while it runs is gone at once, and its calls are stopped', async ({
  stack,
}) => {
  const task = await submit(stack, [{ delay: 60_000, text: 'late' }])
  await expect.poll(() => stack.model.requests.length).toBe(1)
  expect((await stack.call('DELETE', `${path}/${task}`)).status).toBe(204)
  expect((await stack.call('GET', `${path}/${task}`)).status).toBe(404)
  expect((await stack.call('DELETE', `${path}/${task}`)).status).toBe(404)
  await expect.poll(() => stack.model.requests[0]?.status, { timeout: 1_000 }).toBe('closed')
  const late = { background: true, task_id: task, ...say([{ text: 'again' }]) }
  expect((await stack.call('POST', path, late)).status).toBe(404)
})

test('whoever waits for a task that is deleted waits no longer', async ({ stack }) => {
  const waiting = stack.call('POST', path, say([{ delay: 60_000, text: 'late' }]))
  await expect.poll(() => stack.model.requests.length).toBe(1)
  const { body } = await stack.call('GET', path)
  const [task] = body['data'] as { task_id: string }[]
  await stack.call('DELETE', `${path}/${task?.task_id}`)
  // The waiting call sees the cancelled turn, or that nothing is left of it.
  expect([404, 409]).toContain((await waiting).status)
})

function say(script: unknown[]) {
  return { message: { role: 'user', parts: [{ kind: 'text', text: JSON.stringify({ script }) }] } }
}

async function submit(stack: Stack, script: unknown[]): Promise<string> {
  const { status, body } = await stack.call('POST', path, { background: true, ...say(script) })
  expect(status).toBe(200)
  return String(body['task_id'])
}
