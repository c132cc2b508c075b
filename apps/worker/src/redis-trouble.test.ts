import { shardKeys } from '@longhaul/redis'
import { startRedis, startStack, test as base } from '@longhaul/testing'
import { Redis } from 'ioredis'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'

const lockMs = 1_000
const path = '/v2/agents/plain/responses'

/** A stack with a worker and a Redis of its own, which a test may break. */
const test = base.extend('own', async ({}, { onCleanup }) => {
  const dir = await mkdtemp(join(tmpdir(), 'longhaul-redis-trouble-'))
  const server = await startRedis({ dir, flags: ['--appendfsync', 'always'] })
  const redis = new Redis(server.url)
  redis.on('error', () => {})
  const env = { LONGHAUL_LOCK_MS: String(lockMs) }
  const stack = await startStack({ redisUrl: server.url, env })
  onCleanup(async () => {
    redis.disconnect()
    await stack.kill()
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  })
  const createAgent = () =>
    stack.call('POST', '/v2/agents', {
      key: 'plain',
      role: 'tester',
      description: 'answers',
      instructions: 'answer',
      path: 'tests',
      model: 'openai/scripted',
      settings: { tools: [] },
    })
  await createAgent()

  async function submit(script: unknown[]): Promise<string> {
    const message = { role: 'user', parts: [{ kind: 'text', text: JSON.stringify({ script }) }] }
    const { body } = await stack.call('POST', path, { background: true, message })
    await expect.poll(() => stack.model.requests.length).toBe(1)
    return String(body['task_id'])
  }

  async function completed(task: string): Promise<void> {
    const status = async () => (await stack.call('GET', `${path}/${task}`)).body['status']
    await expect.poll(status).toBe('completed')
  }
  /** Redis dies, and comes back without anything that it had. */
  async function loseEverything(): Promise<void> {
    await server.kill()
    await rm(dir, { recursive: true })
    await mkdir(dir)
    await server.restart()
  }
  /** When the lease of the one running turn ends, unless it is prolonged; epoch milliseconds. */
  async function leaseEnd(): Promise<number> {
    const { leases } = shardKeys(0)
    await expect.poll(() => redis.zcard(leases)).toBe(1)
    const [, score] = await redis.zrange(leases, '0', '-1', 'WITHSCORES')
    return Number(score)
  }
  return { server, redis, stack, createAgent, submit, completed, loseEverything, leaseEnd }
})

async function untilAfter(time: number): Promise<void> {
  await expect.poll(() => Date.now()).toBeGreaterThan(time)
}

test('an answer is kept while Redis is full, for longer than a lease', async ({ own }) => {
  const task = await own.submit([{ delay: 300, text: 'paid for' }])
  const leaseEnd = await own.leaseEnd()
  await own.redis.config('SET', 'maxmemory', '1')
  await untilAfter(leaseEnd + 2 * lockMs)
  await own.redis.config('SET', 'maxmemory', '0')
  await own.completed(task)
  expect(own.stack.model.requests).toHaveLength(1)
})

test('a Redis that was read-only for longer than a lease costs at most one more call', async ({
  own,
}) => {
  const task = await own.submit([{ delay: 300, text: 'paid for' }])
  const leaseEnd = await own.leaseEnd()
  await own.redis.replicaof('127.0.0.1', '1')
  await untilAfter(leaseEnd + 2 * lockMs)
  await own.redis.replicaof('NO', 'ONE')
  await own.completed(task)
  // Nobody could prolong the lease: either the answer is recorded first, or another attempt begins.
  expect(own.stack.model.requests.length).toBeLessThanOrEqual(2)
})

test('a turn that lost its worker with Redis is taken up when Redis is back', async ({ own }) => {
  const task = await own.submit([[{ delay: 60_000, text: 'old' }, { text: 'new' }]])
  const leaseEnd = await own.leaseEnd()
  await own.server.kill()
  await untilAfter(leaseEnd + lockMs)
  await own.server.restart()
  await own.completed(task)
  expect(own.stack.model.requests).toHaveLength(2)
})

test('a Redis that comes back empty is served: what it had is unknown, and what is new runs', async ({
  own,
}) => {
  const { stack } = own
  const task = await own.submit([{ delay: 60_000, text: 'lost' }])
  await own.loseEverything()
  await expect.poll(async () => (await own.createAgent()).status).toBe(201)
  expect((await stack.call('GET', `${path}/${task}`)).status).toBe(404)
  expect((await stack.call('POST', `${path}/${task}/cancel`)).status).toBe(404)
  // The worker lets go of the turn that nobody knows any more, and runs the next one.
  await expect.poll(() => stack.model.requests[0]?.status).toBe('closed')
  const message = { role: 'user', parts: [{ kind: 'text', text: 'hello' }] }
  expect((await stack.call('POST', path, { message })).status).toBe(200)
  expect((await stack.call('GET', `${path}/${task}`)).status).toBe(404)
})
