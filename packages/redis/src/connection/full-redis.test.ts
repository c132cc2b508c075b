import { startFlakyProxy, startRedis, test as base } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { once } from 'node:events'
import { expect, onTestFinished } from 'vitest'
import { createKeyStore } from '../registry/api-keys.ts'
import { connect } from './connect.ts'
import { createChildren } from '../lifecycle/children.ts'
import { createConsumer } from '../queue/consumer.ts'
import { shardKeys } from './keys.ts'
import { createAdminStore } from '../admin/admin-store.ts'
import { queuedTurns } from '../lifecycle/queued.fixture.ts'
import { createTickets } from '../queue/tickets.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { job, submission } from '../lifecycle/turn.fixture.ts'
import { createMaintenance } from '../maintenance/maintenance.ts'

const attempt = { ...job, attempt: 'a1' }

/** A Redis that is full, with one running turn in it. */
const test = base.extend('full', async ({}, { onCleanup }) => {
  const server = await startRedis()
  const redis = new Redis(server.url)
  onCleanup(async () => {
    redis.disconnect()
    await server.stop()
  })
  const time = { now: 1_000_000 }
  const store = createTaskStore(redis, { clock: () => time.now })
  await store.submit(submission())
  await store.claim(job, 'a1', 10_000)
  await redis.config('SET', 'maxmemory', '1')
  return { redis, store, time, url: server.url }
})

test('a refused queue is read again at a low rate, and continues when there is memory', async ({
  full,
}) => {
  const { redis, url } = full
  await redis.config('SET', 'maxmemory', '0')
  await createTickets(redis, 1).add(0)
  await redis.config('SET', 'maxmemory', '1')
  const errors: string[] = []
  const ran: number[] = []
  const consumer = createConsumer({
    redis: connect(url, { role: 'queue', onError: () => {} }),
    shard: 0,
    worker: 'w',
    concurrency: 10,
    lockMs: 10_000,
    run: ({ shard }) => {
      ran.push(shard)
      return Promise.resolve()
    },
    onError: (error) => errors.push(error.message),
  })
  await expect.poll(() => errors.length).toBeGreaterThan(1)
  expect(errors.length).toBeLessThan(20)
  expect(ran).toEqual([])
  await redis.config('SET', 'maxmemory', '0')
  await expect.poll(() => ran).toEqual([0])
  await consumer.close()
})

test.for(['queue', 'work', 'requests'] as const)(
  'a full Redis refuses what a connection for %s sends again, and only its caller is notified',
  async (role, { full }) => {
    const proxy = await startFlakyProxy(full.url)
    const redis = connect(proxy.url, { role, onError: () => {} })
    const unheard: unknown[] = []
    const listen = (error: unknown) => unheard.push(error)
    process.on('unhandledRejection', listen)
    onTestFinished(async () => {
      process.off('unhandledRejection', listen)
      redis.disconnect()
      await proxy.close()
    })
    await once(redis, 'ready')
    proxy.swallow(true)
    const push = redis.lpush('list', 'value')
    proxy.swallow(false)
    proxy.reset()
    await expect(push).rejects.toThrow('OOM')
    const [piped] = (await redis.pipeline().lpush('list', 'value').exec()) ?? []
    expect(piped?.[0]).toMatchObject({ message: expect.stringMatching(/^OOM/) })
    await new Promise((resolve) => setImmediate(resolve))
    expect(unheard).toEqual([])
  },
)

test('a worker keeps its turn in a full Redis, and may release it', async ({ full }) => {
  full.time.now += 9_000
  expect(await full.store.beat(attempt, 10_000)).toMatchObject({ alive: true })
  expect(await full.store.release(attempt)).toEqual({ released: true })
})

test('a dead worker’s turn is not taken until it can be queued, too', async ({
  full: { redis, time },
}) => {
  const maintenanceStore = createMaintenance(redis, { clock: () => time.now })
  time.now += 10_000
  expect(await maintenanceStore.expireLeases(0, 10)).toEqual({
    expired: 0,
    failures: [expect.objectContaining({ code: 'unavailable' })],
  })
  expect(await redis.zcard(shardKeys(0).leases)).toBe(1)
  await redis.config('SET', 'maxmemory', '0')
  expect(await maintenanceStore.expireLeases(0, 10)).toMatchObject({ expired: 1 })
})

test('a full Redis accepts no turn, neither a task’s first nor its next', async ({
  full: { redis, store },
}) => {
  const first = submission({ taskId: idOf(1) })
  await expect(store.submit(first)).rejects.toMatchObject({ code: 'unavailable' })
  await redis.config('SET', 'maxmemory', '0')
  await store.release(attempt)
  await store.cancel({ taskId: job.taskId }, { reason: 'why', graceMs: 2_000 })
  await redis.config('SET', 'maxmemory', '1')
  const next = submission({ requestId: 'r2', after: 1 })
  await expect(store.submit(next)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await store.view(job.taskId)).toMatchObject({ status: 'cancelled', turn: 1 })
})

test('a full Redis refuses the claim of a turn, and keeps it for later', async ({
  full: { redis, store },
}) => {
  await store.release(attempt)
  await expect(store.claim(job, 'a2', 10_000)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await queuedTurns(redis)).toHaveLength(1)
  await redis.config('SET', 'maxmemory', '0')
  expect(await store.claim(job, 'a2', 10_000)).toMatchObject({ outcome: 'claimed' })
})

test('an API that starts with a full Redis accepts its callers’ keys', async ({ full }) => {
  const keys = createKeyStore(full.redis)
  await keys.bootstrap([{ id: 'k', workspace: 'w', hash: 'h' }], await keys.nextGeneration())
  expect(await keys.find('k')).toMatchObject({ workspace: 'w' })
})

test('a full Redis ends a turn that is cancelled, running or waiting', async ({
  full: { store },
}) => {
  expect(await store.cancel(job, { reason: 'why', graceMs: 2_000 })).toBe('stopping')
  expect(await store.cancel(job, { reason: 'why', graceMs: 0 })).toBe('ended')
  expect(await store.view(job.taskId)).toMatchObject({ status: 'cancelled' })
  expect(await store.softDelete(job)).toBe('hidden')
  expect(await store.view(job.taskId)).toBeUndefined()
})

test('a full Redis ends turns after their deadline, even after those that must wait', async ({
  full: { redis, store, time },
}) => {
  await redis.config('SET', 'maxmemory', '0')
  const parked = [idOf(1), idOf(2)]
  for (const taskId of parked) {
    const ref = { taskId, turn: 1, attempt: 'a2' }
    await store.submit(submission({ taskId }))
    await store.claim({ ...ref }, 'a2', 10_000)
    const park = { folded: 2, until: time.now + 1 }
    await store.append({
      ...ref,
      ordinal: 1,
      facts: [{ type: 'turn.parked', until: park.until }],
      park,
    })
  }
  time.now += 86_400_000 - 1
  await redis.zadd(shardKeys(0).deadlines, 'XX', time.now, `resp_${job.taskId}0001:end`)
  await redis.config('SET', 'maxmemory', '1')
  const maintenanceStore = createMaintenance(redis, { clock: () => time.now })
  const { ended, resumed, failures } = await maintenanceStore.serveDeadlines(0, 1)
  expect([ended, resumed]).toEqual([1, 0])
  const refused = expect.objectContaining({ code: 'unavailable' })
  expect(failures).toEqual([refused, refused])
  // The first refusal counts for all.
  expect(failures[1]).toBe(failures[0])
  expect(await store.view(job.taskId)).toMatchObject({ status: 'failed' })
  for (const taskId of parked) expect(await store.view(taskId)).toMatchObject({ status: 'parked' })
})

test('a full Redis cancels the task of a sub-agent, and answers its caller when there is memory', async ({
  full: { redis, store, time },
}) => {
  await redis.config('SET', 'maxmemory', '0')
  const child = idOf(1)
  const { started, ...rest } = submission({ taskId: child })
  const parent = { taskId: job.taskId, turn: 1, callId: 'c', depth: 1, root: job }
  const children = createChildren(redis, { clock: () => time.now })
  await children.start({ ...rest, agent: 'k', started: { ...started, parent } }, attempt)
  await redis.config('SET', 'maxmemory', '1')
  expect(await store.cancel({ taskId: child }, { reason: 'why', graceMs: 0 })).toBe('ended')
  expect(await redis.zcard(shardKeys(0).answers)).toBe(1)
  await redis.config('SET', 'maxmemory', '0')
  time.now += 10_000
  const maintenanceStore = createMaintenance(redis, { clock: () => time.now })
  expect(await maintenanceStore.serveAnswers(0, 5_000, 10)).toBe(1)
})

test('a full Redis can be paused, and records that an agent was deleted', async ({
  full: { redis },
}) => {
  const adminStore = createAdminStore(redis)
  await adminStore.pause(0, true)
  expect(await adminStore.isPaused(0)).toBe(true)
  const maintenanceStore = createMaintenance(redis)
  const deleted = (['cancel', 'delete'] as const).map((tasks, at) => ({ agentId: `A${at}`, tasks }))
  for (const agent of deleted) await maintenanceStore.agentDeleted(0, agent)
  expect(await maintenanceStore.deletedAgents(0)).toEqual(deleted.toReversed())
})

/** The id of another task in the same shard. */
function idOf(number: number): string {
  return job.taskId.replace(/0$/, String(number))
}

test('a full Redis can purge a task', async ({ full: { redis, store } }) => {
  await redis.config('SET', 'maxmemory', '0')
  await store.cancel(job, { reason: 'why', graceMs: 0 })
  await redis.config('SET', 'maxmemory', '1')
  expect(await store.purge(job.taskId)).toBe('forgotten')
  expect(await store.view(job.taskId)).toBeUndefined()
})
