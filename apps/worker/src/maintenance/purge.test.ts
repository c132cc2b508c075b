import { hasEnded } from '@longhaul/core'
import { createLogger, type Logger } from '@longhaul/process'
import { createTaskStore, createMaintenance, shardKeys } from '@longhaul/redis'
import { startRedis, startCluster, test } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect, onTestFinished } from 'vitest'
import { createPlain, often, path, submit } from '../plain.fixture.ts'
import { submission } from './purge.fixture.ts'
import { purge } from './purge.ts'
import { startChores } from './run-chores.ts'

const log = createLogger({ name: 'test', level: 'silent' })

test('a backlog of thousands of tasks is purged at once, by one worker at a time', async ({
  redis,
}) => {
  const tasks = 3_000
  await endedTasks(redis, tasks)
  const purgedBy = [0, 0]
  for (const at of [0, 1]) {
    startPurging(redis, {
      worker: `w${at}`,
      log,
      purged: (count) => (purgedBy[at] = (purgedBy[at] ?? 0) + count),
    })
  }
  await expect.poll(() => redis.zcard(shardKeys(0).purges)).toBe(0)
  await expect.poll(() => purgedBy.toSorted((a, b) => a - b)).toEqual([0, tasks])
})

test('a task that cannot be purged is logged and does not delay the others', async ({ redis }) => {
  const [broken = ''] = await endedTasks(redis, 120)
  await redis.set(`${shardKeys(0).tag}:task:${broken}`, 'not a hash')
  const logged: unknown[] = []
  const watched = createLogger({ name: 'test', level: 'silent' })
  watched.warn = (fields: unknown) => logged.push(fields)
  startPurging(redis, { worker: 'w', log: watched, purged: () => {} })
  await expect.poll(() => redis.zrange(shardKeys(0).purges, '0', '-1')).toEqual([broken])
  expect(logged).toMatchObject([{ err: { message: expect.stringContaining('WRONGTYPE') } }])
})

test('a full Redis has space again when the retention of tasks is over, and accepts work', async () => {
  const server = await startRedis()
  const redis = new Redis(server.url)
  const cluster = await startCluster({ redisUrl: server.url, workers: 1 })
  onTestFinished(async () => {
    redis.disconnect()
    await cluster.stop()
    await server.stop()
  })
  const { purges, deadlines } = shardKeys(0)
  await createPlain(cluster)
  const text = 'x'.repeat(100_000)
  for (let at = 0; at < 30; at += 1) await submit(cluster, [{ text }])
  await expect.poll(() => redis.zcard(purges)).toBe(30)
  await cluster.killAllBut([])
  const waiting = await submit(cluster, [{ text: 'never' }])
  const unwanted = await submit(cluster, [{ text: 'never' }])
  const agent = { key: 'other', role: 'r', description: 'd', instructions: 'i', path: 'tests' }
  await cluster.call('POST', '/v2/agents', { ...agent, model: 'openai/scripted', settings: {} })
  for (const set of [purges, deadlines]) {
    const members = await redis.zrange(set, '0', '-1')
    const due = members.filter((member) => !member.includes(unwanted))
    for (const member of due) await redis.zadd(set, 'XX', 0, member)
  }
  const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
  await redis.config('SET', 'maxmemory', used - 2_000_000)
  const next = {
    background: true,
    message: { role: 'user', parts: [{ kind: 'text', text: 'hi' }] },
  }
  expect(await cluster.call('POST', path, next)).toMatchObject({ status: 503 })
  expect(await cluster.call('POST', `${path}/${unwanted}/cancel`)).toMatchObject({ status: 200 })
  expect(await cluster.call('DELETE', `${path}/${unwanted}`)).toMatchObject({ status: 204 })
  expect(await cluster.call('DELETE', '/v2/agents/other')).toMatchObject({ status: 204 })
  expect(await cluster.call('POST', '/v2/admin/pause')).toMatchObject({ status: 200 })
  expect(await cluster.call('POST', '/v2/admin/resume')).toMatchObject({ status: 200 })
  expect(await cluster.call('POST', path, next)).toMatchObject({ status: 503 })

  await cluster.startWorker(often)
  await expect.poll(async () => (await cluster.call('POST', path, next)).status).toBe(200)
  expect(await redis.zcard(purges)).toBeLessThan(30)
  const status = async () => (await createTaskStore(redis).view(waiting))?.status ?? 'queued'
  await expect.poll(async () => hasEnded(await status())).toBe(true)
})

function startPurging(
  redis: Redis,
  { worker, log: to, purged }: { worker: string; log: Logger; purged: (count: number) => void },
): void {
  const run = purge({ maintenance: createMaintenance(redis, { worker }), shards: 1, purged })
  const chores = startChores([{ name: 'purge', everyMs: 600_000, firstMs: 0, run }], to)
  onTestFinished(() => chores.stop())
}

/** This number of cancelled tasks whose retention is over. */
async function endedTasks(redis: Redis, count: number): Promise<string[]> {
  const store = createTaskStore(redis)
  const ids = Array.from({ length: count }, (_, at) => `01K0000000${String(at).padStart(15, '0')}0`)
  await Promise.all(
    ids.map(async (taskId) => {
      await store.submit({ ...submission, taskId })
      await store.cancel({ taskId }, { reason: 'why', graceMs: 0 })
    }),
  )
  return ids
}
