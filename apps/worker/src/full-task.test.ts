import { fullAt } from '@longhaul/core'
import { shardKeys } from '@longhaul/redis'
import { startStack, test as base } from '@longhaul/testing'
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
    settings: { tools: [{ type: 'current_date' }] },
  })
  return stack
})

test('a turn of a full task fails, and so does whoever would go on with it', async ({
  stack,
  redis,
}) => {
  const calls = [{ id: 'c1', name: 'current_date', arguments: {} }]
  const script = [{ text: 'one', calls }, { text: 'never asked for' }]
  const message = { role: 'user', parts: [{ kind: 'text', text: JSON.stringify({ script }) }] }
  const { body } = await stack.call('POST', path, { background: true, message })
  const task = String(body['task_id'])
  await redis.hset(`${shardKeys(0).tag}:task:${task}`, 'bytes', fullAt.bytes - 1)
  await stack.startWorker()
  const read = async () => (await stack.call('GET', `${path}/${task}`)).body
  await expect.poll(async () => (await read())['status'], { timeout: 10_000 }).toBe('failed')
  expect(await read()).toMatchObject({
    error: expect.stringMatching(/^task_full: the task is full: it may hold 67108864 bytes/),
    usage: { completion_tokens: 1 },
  })
  expect(stack.model.requests).toHaveLength(1)

  const next = await stack.call('POST', path, { background: true, task_id: task, message })
  expect(next).toMatchObject({ status: 422, body: { error: { code: 'task_full' } } })
})
