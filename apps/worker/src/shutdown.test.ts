import { type AppProcess, startRedis, startCluster, test as base } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect } from 'vitest'

const path = '/v2/agents/plain/responses'
const env = { LONGHAUL_LOCK_MS: '1000', LONGHAUL_DRAIN_MS: '500' }

/** A cluster with its own Redis, which tests break and repair. */
const test = base.extend('own', { scope: 'file' }, async ({}, { onCleanup }) => {
  const server = await startRedis()
  const redis = new Redis(server.url)
  redis.on('error', () => {})
  const cluster = await startCluster({ redisUrl: server.url, workers: 0, env })
  onCleanup(async () => {
    redis.disconnect()
    await cluster.kill()
    await server.stop()
  })
  await cluster.call('POST', '/v2/agents', {
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
    const { body } = await cluster.call('POST', path, { background: true, message })
    const task = String(body['task_id'])
    await expect.poll(() => requestsOf(task)).toBe(1)
    return task
  }
  async function completed(task: string): Promise<void> {
    const status = async () => (await cluster.call('GET', `${path}/${task}`)).body['status']
    await expect.poll(status).toBe('completed')
  }
  const requestsOf = (task: string) =>
    cluster.model.requests.filter(({ idempotencyKey }) => idempotencyKey?.includes(task)).length
  return { server, redis, cluster, submit, completed, requestsOf }
})

type Own = {
  server: Awaited<ReturnType<typeof startRedis>>
  redis: Redis
}
type Outage = { begin: (own: Own) => unknown; end: (own: Own) => unknown }

const outages: Record<string, Outage> = {
  'does not answer': {
    begin: ({ server }) => process.kill(server.pid!, 'SIGSTOP'),
    end: ({ server }) => process.kill(server.pid!, 'SIGCONT'),
  },
  'is down': {
    begin: ({ server }) => server.kill(),
    end: ({ server }) => server.restart(),
  },
  'is read-only': {
    begin: ({ redis }) => redis.replicaof('127.0.0.1', '1'),
    end: ({ redis }) => redis.replicaof('NO', 'ONE'),
  },
  'is full': {
    begin: ({ redis }) => redis.config('SET', 'maxmemory', '1'),
    end: ({ redis }) => redis.config('SET', 'maxmemory', '0'),
  },
}

describe.each(Object.keys(outages))('a worker that shuts down while Redis %s', (name) => {
  const outage = outages[name]!

  test('shuts down in time, and another one takes its turn over when Redis is back', async ({
    own,
  }) => {
    const worker = await own.cluster.startWorker()
    const task = await own.submit([{ delay: 200, text: 'paid for' }])
    await outage.begin(own)
    try {
      await leaves(worker)
    } finally {
      await outage.end(own)
    }
    const other = await own.cluster.startWorker()
    await own.completed(task)
    expect(own.requestsOf(task)).toBeLessThanOrEqual(2)
    await other.kill()
  })
})

test('a worker that waits for its Redis at start shuts down on a signal', async () => {
  const child = spawn(process.execPath, ['apps/worker/src/main.ts'], {
    env: { ...env, REDIS_URL: 'redis://127.0.0.1:1', WORKER_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})

/** A worker that waits for Redis does not exit while Redis stays in this state. */
async function leaves(worker: AppProcess): Promise<void> {
  const code = await worker.stop()
  expect({ code, log: code === 0 ? [] : worker.log }).toEqual({ code: 0, log: [] })
}
