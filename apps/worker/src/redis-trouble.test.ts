import { shardKeys } from '@longhaul/redis'
import { startRedis, startStack, test as base } from '@longhaul/testing'
import { Redis } from 'ioredis'
import { expect } from 'vitest'

const lockMs = 1_000
const path = '/v2/agents/plain/responses'

/** A stack with a worker and a Redis of its own, which a test may break. */
const test = base.extend('own', async ({}, { onCleanup }) => {
  const server = await startRedis()
  const redis = new Redis(server.url)
  redis.on('error', () => {})
  const env = { LONGHAUL_LOCK_MS: String(lockMs) }
  const stack = await startStack({ redisUrl: server.url, env })
  onCleanup(async () => {
    redis.disconnect()
    await stack.stop()
    await server.stop()
  })
  await stack.call('POST', '/v2/agents', {
    key: 'plain',
    role: 'tester',
    description: 'answers',
    instructions: 'answer',
    path: 'tests',
    model: 'openai/scripted',
    settings: { tools: [] },
  })

  async function submit(script: unknown[]): Promise<string> {
    const message = { role: 'user', parts: [{ kind: 'text', text: JSON.stringify({ script }) }] }
    const { body } = await stack.call('POST', path, { background: true, message })
    await expect.poll(() => stack.model.requests.length).toBe(1)
    return String(body['task_id'])
  }

  async function completed(task: string, timeout: number): Promise<void> {
    const status = async () => (await stack.call('GET', `${path}/${task}`)).body['status']
    await expect.poll(status, { timeout, interval: 50 }).toBe('completed')
  }
  return { server, redis, stack, submit, completed }
})

const beyondLease = 3 * lockMs

test('an answer is kept while Redis is full, for longer than a lease', async ({ own }) => {
  const task = await own.submit([{ delay: 300, text: 'paid for' }])
  await own.redis.config('SET', 'maxmemory', '1')
  await new Promise((resolve) => setTimeout(resolve, beyondLease))
  await own.redis.config('SET', 'maxmemory', '0')
  await own.completed(task, 10_000)
  expect(own.stack.model.requests).toHaveLength(1)
})

test('a Redis that was read-only for longer than a lease costs at most one more call', async ({
  own,
}) => {
  const task = await own.submit([{ delay: 300, text: 'paid for' }])
  await own.redis.replicaof('127.0.0.1', '1')
  await new Promise((resolve) => setTimeout(resolve, beyondLease))
  await own.redis.replicaof('NO', 'ONE')
  await own.completed(task, 10_000)
  // Nobody could prolong the lease: either the answer is recorded first, or another attempt begins.
  expect(own.stack.model.requests.length).toBeLessThanOrEqual(2)
})

test('a turn that lost its worker with Redis is taken up when Redis is back', async ({ own }) => {
  const task = await own.submit([[{ delay: 60_000, text: 'old' }, { text: 'new' }]])
  await expect.poll(() => own.redis.zcard(shardKeys(0).leases)).toBe(1)
  // Redis writes its log to disk once a second.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  await own.server.kill()
  await new Promise((resolve) => setTimeout(resolve, 2.5 * lockMs))
  await own.server.restart()
  await own.completed(task, 10_000)
  expect(own.stack.model.requests).toHaveLength(2)
})
