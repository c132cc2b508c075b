import { shardKeys } from '@longhaul/redis'
import { type Stack, startStack, test as base } from '@longhaul/testing'
import { expect } from 'vitest'

const path = '/v2/agents/plain/responses'

const test = base.extend('stack', async ({ redis, redisUrl }, { onCleanup }) => {
  expect(await redis.dbsize()).toBe(0)
  const stack = await startStack({ redisUrl, workers: 0, env: { LONGHAUL_LOCK_MS: '1000' } })
  onCleanup(() => stack.stop())
  await stack.call('POST', '/v2/agents', {
    key: 'plain',
    role: 'tester',
    description: 'answers',
    instructions: 'answer',
    path: 'tests',
    model: 'openai/scripted',
    settings: { tools: [] },
  })
  return stack
})

test('a turn that kills three workers in a row kills no fourth', async ({ stack, redis }) => {
  const task = await submit(stack, JSON.stringify({ script: [{ delay: 60_000, text: 'never' }] }))
  for (const times of [1, 2, 3]) {
    const worker = await stack.startWorker()
    await expect.poll(() => stack.model.requests.length, { timeout: 10_000 }).toBe(times)
    await worker.kill()
  }
  const worker = await stack.startWorker()
  expect(await failure(stack, task)).toMatch(/^worker_crashed: 3 workers/)
  expect(stack.model.requests).toHaveLength(3)
  await worker.stop()
  expect(await redis.zcard(shardKeys(0).workers)).toBe(3)
})

test('a turn whose log has lost a value ends, and says so', async ({ stack, redis }) => {
  const task = await submit(stack, 'x'.repeat(20_000))
  for (const key of await redis.keys('*:blob:*')) await redis.del(key)
  await stack.startWorker()
  expect(await failure(stack, task)).toMatch(/^internal: the log of the task cannot be read: blob/)
})

test('a turn whose facts break the rules ends, and says so', async ({ stack, redis }) => {
  const task = await submit(stack, 'hello')
  const log = `${shardKeys(0).tag}:task:${task}:log`
  await redis.lset(log, 0, '{"v":1,"pos":1,"at":1,"type":"turn.started","turn":1,"plan":"p"}')
  await stack.startWorker()
  expect(await failure(stack, task)).toMatch(/^internal: an unexpected error stopped the turn/)
})

async function submit(stack: Stack, text: string): Promise<string> {
  const message = { role: 'user', parts: [{ kind: 'text', text }] }
  const { status, body } = await stack.call('POST', path, { background: true, message })
  expect(status).toBe(200)
  return String(body['task_id'])
}

async function failure(stack: Stack, task: string): Promise<unknown> {
  const read = async () => (await stack.call('GET', `${path}/${task}`)).body
  await expect.poll(async () => (await read())['status'], { timeout: 10_000 }).toBe('failed')
  return (await read())['error']
}
