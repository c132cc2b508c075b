import { startCluster, startRedis, type Cluster } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { newAgent } from '../../support/new-agent.ts'
import { user } from '../../support/orq-requests.ts'

const path = '/v2/agents/held/responses'

async function start(env: Record<string, string>): Promise<{ cluster: Cluster; redis: Redis }> {
  const server = await startRedis()
  const redis = new Redis(server.url)
  const cluster = await startCluster({ redisUrl: server.url, workers: 0, env })
  onTestFinished(async () => {
    redis.disconnect()
    await cluster.kill()
    await server.stop()
  })
  await cluster.call('POST', '/v2/agents', { ...newAgent(), key: 'held' })
  return { cluster, redis }
}

/** Submits a background task. */
async function submit({ url, key }: Cluster) {
  const reply = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ background: true, ...user('hello') }),
  })
  const { status, headers } = reply
  return { status, headers, body: (await reply.json()) as Record<string, unknown> }
}

const refusal = (policy: string) => ({
  code: '503',
  violated_policies: [policy],
  error: { code: 'overloaded', type: 'server_error' },
})

test('when turns wait too long for a worker, new work is refused until they have started', async () => {
  const { cluster } = await start({ LONGHAUL_SHED_AFTER: '1s' })
  const first = await submit(cluster)
  expect(first.status).toBe(200)
  await expect.poll(async () => (await submit(cluster)).status).toBe(503)
  const refused = await submit(cluster)
  expect(refused.body).toMatchObject(refusal('queue_time'))
  const seconds = Number(refused.headers.get('retry-after'))
  expect([seconds >= 10, seconds <= 60]).toEqual([true, true])
  expect(Math.ceil(Number(refused.headers.get('retry-after-ms')) / 1_000)).toBe(seconds)
  const metrics = await (await fetch(`${cluster.url}/metrics`)).text()
  expect(metrics).toMatch(/^longhaul_refused_total\{policy="queue_time"\} [1-9]/m)

  // Another workspace does not wait behind this one.
  const stranger = { ...cluster, key: cluster.strangersKey }
  await fetch(`${cluster.url}/v2/agents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stranger.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...newAgent(), key: 'held' }),
  })
  expect((await submit(stranger)).status).toBe(200)

  await cluster.startWorker()
  const { body } = await cluster.call('GET', `${path}/${String(first.body['task_id'])}?wait=60`)
  expect(body['status']).toBe('completed')
  await expect.poll(async () => (await submit(cluster)).status).toBe(200)
})

test('when Redis is almost full, new work is refused first, and reads and cancels are served', async () => {
  const { cluster, redis } = await start({})
  const first = await submit(cluster)
  // Beside it, the buffers of connections are small.
  await redis.setrange('ballast', 64 * 1024 * 1024, 'x')
  const used = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1])
  await redis.config('SET', 'maxmemory', Math.round(used / 0.92))
  await expect.poll(async () => (await submit(cluster)).body).toMatchObject(refusal('store_memory'))
  const task = `${path}/${String(first.body['task_id'])}`
  expect((await cluster.call('GET', task)).status).toBe(200)
  expect((await cluster.call('POST', `${task}/cancel`)).status).toBe(200)
  expect((await fetch(`${cluster.url}/readyz`)).status).toBe(200)

  await redis.config('SET', 'maxmemory', 0)
  await expect.poll(async () => (await submit(cluster)).status).toBe(200)
})
