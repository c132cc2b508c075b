import { shardKeys } from '@longhaul/redis'
import { startRedis, startCluster, test as base } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'

const lockMs = 1_000
const path = '/v2/agents/plain/responses'

/** A cluster with its own worker and Redis, which a test may break. */
const test = base.extend('own', async ({}, { onCleanup }) => {
  const dir = await mkdtemp(join(tmpdir(), 'longhaul-redis-trouble-'))
  const server = await startRedis({ dir, flags: ['--appendfsync', 'always'] })
  const redis = new Redis(server.url)
  redis.on('error', () => {})
  const env = { LONGHAUL_LOCK_MS: String(lockMs) }
  const cluster = await startCluster({ redisUrl: server.url, env })
  onCleanup(async () => {
    redis.disconnect()
    await cluster.kill()
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  })
  const createAgent = () =>
    cluster.call('POST', '/v2/agents', {
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
    const { body } = await cluster.call('POST', path, { background: true, message })
    await expect.poll(() => cluster.model.requests.length).toBe(1)
    return String(body['task_id'])
  }

  async function completed(task: string): Promise<void> {
    const status = async () => (await cluster.call('GET', `${path}/${task}`)).body['status']
    await expect.poll(status).toBe('completed')
  }
  /** Kills Redis and starts it again without its data. */
  async function loseEverything(): Promise<void> {
    await server.kill()
    await rm(dir, { recursive: true })
    await mkdir(dir)
    await server.restart()
  }
  /** The end of the lease of the only running turn, in epoch milliseconds. */
  async function leaseEnd(): Promise<number> {
    const { leases } = shardKeys(0)
    await expect.poll(() => redis.zcard(leases)).toBe(1)
    const [, score] = await redis.zrange(leases, '0', '-1', 'WITHSCORES')
    return Number(score)
  }
  /** The code of each process that is not ready, and whether its metrics have it. */
  async function whyNotReady(): Promise<unknown[]> {
    const urls = [cluster.url, ...cluster.workers.map(({ url }) => url)]
    return await Promise.all(urls.map(codeOf))
  }
  return {
    server,
    redis,
    cluster,
    createAgent,
    submit,
    completed,
    loseEverything,
    leaseEnd,
    whyNotReady,
  }
})

async function codeOf(url: string): Promise<unknown> {
  const ready = await fetch(`${url}/readyz`)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const [, measured] = /^longhaul_store_trouble\{code="(\w+)"\} 1$/m.exec(metrics) ?? []
  if (ready.status === 200) return measured
  const { error, code } = (await ready.json()) as { error?: { code: string }; code?: string }
  const reported = error?.code ?? code
  return reported === measured ? reported : { readableFacts: reported, measured }
}

async function untilAfter(time: number): Promise<void> {
  await expect.poll(() => Date.now()).toBeGreaterThan(time)
}

test('an answer is retained while Redis is full, for longer than a lease', async ({ own }) => {
  const task = await own.submit([{ delay: 300, text: 'paid for' }])
  const leaseEnd = await own.leaseEnd()
  await own.redis.config('SET', 'maxmemory', '1')
  await untilAfter(leaseEnd + 2 * lockMs)
  await own.redis.config('SET', 'maxmemory', '0')
  await own.completed(task)
  expect(own.cluster.model.requests).toHaveLength(1)
})

test('a full Redis is reported to callers and operators at once, and serves requests that need no memory', async ({
  own,
}) => {
  const { cluster, redis } = own
  const done = await own.submit([{ text: 'done' }])
  await own.completed(done)
  const running = await own.submit([{ delay: 60_000, text: 'late' }])
  expect(await own.whyNotReady()).toEqual([undefined, undefined])

  await redis.config('SET', 'maxmemory', '1')
  expect(await own.whyNotReady()).toEqual(['store_full', 'store_full'])
  const refused = await fetch(cluster.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${cluster.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message: { role: 'user', parts: [{ kind: 'text', text: 'new' }] } }),
  })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10'])
  expect(await refused.json()).toMatchObject({
    message: expect.stringMatching(/^The task store is full .+ Nothing was accepted /),
    error: { code: 'store_full' },
  })
  const metrics = await (await fetch(`${cluster.url}/metrics`)).text()
  expect(metrics).toMatch(/^longhaul_store_refusals_total\{code="store_full"\} [1-9]/m)
  expect((await cluster.call('GET', `${path}/${done}`)).body['status']).toBe('completed')
  expect((await cluster.call('POST', `${path}/${running}/cancel`)).status).toBe(202)
  expect((await cluster.call('DELETE', `${path}/${done}`)).status).toBe(204)

  await redis.config('SET', 'maxmemory', '0')
  expect(await own.whyNotReady()).toEqual([undefined, undefined])
})

test('a Redis that was emptied with open connections is used again within seconds, and no key is unknown meanwhile', async ({
  own,
}) => {
  const { cluster, redis } = own
  const meta = `${shardKeys(0).queue}meta`
  await expect.poll(() => redis.hget(meta, 'opts.maxLenEvents')).toBe('100')
  await redis.flushall()
  // A job that arrives first leaves BullMQ's default.
  await redis.hset(meta, 'opts.maxLenEvents', '10000')
  const statuses = new Set<number>()
  // A key that the process has not seen recently.
  const list = async () => {
    const headers = { authorization: `Bearer ${cluster.strangersKey}` }
    const { status } = await fetch(`${cluster.url}/v2/agents`, { headers })
    statuses.add(status)
    return status
  }
  await expect.poll(list, { interval: 5 }).toBe(200)
  expect([...statuses].filter((status) => status !== 503)).toEqual([200])
  await expect.poll(own.whyNotReady).toEqual([undefined, undefined])
  await expect.poll(() => redis.hget(meta, 'opts.maxLenEvents')).toBe('100')
  expect(await redis.get('{lh:shards}')).toBe('1')
  expect((await own.createAgent()).status).toBe(201)
  const message = { role: 'user', parts: [{ kind: 'text', text: 'hello' }] }
  expect((await cluster.call('POST', path, { message })).status).toBe(200)
})

test('a Redis that was read-only for longer than a lease costs at most one more call', async ({
  own,
}) => {
  const task = await own.submit([{ delay: 300, text: 'paid for' }])
  const leaseEnd = await own.leaseEnd()
  await own.redis.replicaof('127.0.0.1', '1')
  await expect.poll(own.whyNotReady).toEqual(['store_read_only', 'store_read_only'])
  expect((await own.createAgent()).body).toMatchObject({ error: { code: 'store_read_only' } })
  await untilAfter(leaseEnd + 2 * lockMs)
  await own.redis.replicaof('NO', 'ONE')
  await own.completed(task)
  await expect.poll(own.whyNotReady).toEqual([undefined, undefined])
  // No process could extend the lease: either the answer is recorded first, or another attempt starts.
  expect(own.cluster.model.requests.length).toBeLessThanOrEqual(2)
})

test('a turn that lost its worker together with Redis is taken over when Redis is back', async ({
  own,
}) => {
  const task = await own.submit([[{ delay: 60_000, text: 'old' }, { text: 'new' }]])
  const leaseEnd = await own.leaseEnd()
  await own.server.kill()
  await untilAfter(leaseEnd + lockMs)
  await own.server.restart()
  await own.completed(task)
  expect(own.cluster.model.requests).toHaveLength(2)
})

test('a Redis that comes back empty is used: its old tasks are unknown, and new tasks run', async ({
  own,
}) => {
  const { cluster } = own
  const task = await own.submit([{ delay: 60_000, text: 'lost' }])
  await own.loseEverything()
  await expect.poll(async () => (await own.createAgent()).status).toBe(201)
  expect((await cluster.call('GET', `${path}/${task}`)).status).toBe(404)
  expect((await cluster.call('POST', `${path}/${task}/cancel`)).status).toBe(404)
  // The worker drops the turn that Redis no longer has, and runs the next one.
  await expect.poll(() => cluster.model.requests[0]?.status).toBe('closed')
  const message = { role: 'user', parts: [{ kind: 'text', text: 'hello' }] }
  expect((await cluster.call('POST', path, { message })).status).toBe(200)
  expect((await cluster.call('GET', `${path}/${task}`)).status).toBe(404)
})
