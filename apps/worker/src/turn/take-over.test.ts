import { stepKey } from '@longhaul/core'
import { createTaskStore, shardKeys } from '@longhaul/redis'
import { describe, expect } from 'vitest'
import {
  asked,
  completed,
  dateCall,
  failure,
  logged,
  often,
  path,
  submit,
  redisTest as test,
} from '../plain.fixture.ts'

describe('a worker that shuts down', () => {
  test('finishes its step and releases the turn', async ({ cluster }) => {
    const worker = await cluster.startWorker({ LONGHAUL_DRAIN_MS: '60000' })
    const task = await submit(cluster, [{ delay: 1_000, calls: [dateCall] }, { text: 'done' }])
    await asked(cluster, 1)
    const stopping = worker.stop()
    const other = await cluster.startWorker()
    expect(await stopping).toBe(0)
    await completed(cluster, task)
    const steps = cluster.model.requests.map(({ idempotencyKey }) => idempotencyKey)
    expect(steps).toEqual([1, 2].map((step) => stepKey(task, 1, step)))
    expect(logged(worker, 'turn released')).toBe(1)
    await expect.poll(() => logged(other, 'turn ended')).toBe(1)
  })

  test('aborts a step after the grace period, and another worker repeats it', async ({
    cluster,
  }) => {
    const worker = await cluster.startWorker({ LONGHAUL_DRAIN_MS: '700' })
    const task = await submit(cluster, [[{ fault: 'hang' }, { text: 'done' }]])
    await asked(cluster, 1)
    expect(await worker.stop()).toBe(0)
    expect(cluster.model.requests[0]).toMatchObject({ status: 'closed' })
    await cluster.startWorker()
    await completed(cluster, task)
    expect(new Set(cluster.model.requests.map((request) => request.idempotencyKey)).size).toBe(1)
  })

  test('releases a turn at once that waits for the next retry of a call', async ({
    cluster,
    redis,
  }) => {
    const worker = await cluster.startWorker({ LONGHAUL_DRAIN_MS: '60000' })
    const refusal = { status: 429, headers: { 'retry-after': '3' }, body: {} }
    const task = await submit(cluster, [[refusal, { text: 'done' }]])
    const log = `${shardKeys(0).tag}:task:${task}:log`
    await expect.poll(() => redis.lindex(log, -1)).toContain('"type":"model.failed"')
    expect(await worker.stop()).toBe(0)
    expect(cluster.model.requests).toHaveLength(1)
    await cluster.startWorker()
    await completed(cluster, task)
    const [first, second] = cluster.model.requests.map(({ at }) => at)
    expect(cluster.model.requests).toHaveLength(2)
    expect(second! - first!).toBeGreaterThanOrEqual(3_000)
  })
})

test('a worker that was frozen beyond its lease changes nothing when it wakes up', async ({
  cluster,
}) => {
  const zombie = await cluster.startWorker(often)
  const task = await submit(cluster, [[{ delay: 1_500, text: 'old' }, { text: 'new' }]])
  await asked(cluster, 1)
  process.kill(zombie.pid, 'SIGSTOP')
  const other = await cluster.startWorker(often)
  await completed(cluster, task)
  const before = await cluster.call('GET', `${path}/${task}?include=messages`)
  process.kill(zombie.pid, 'SIGCONT')
  await expect.poll(() => logged(zombie, 'turn lost')).toBe(1)
  expect(await cluster.call('GET', `${path}/${task}?include=messages`)).toEqual(before)
  expect(before.body).toMatchObject({ output: [{ parts: [{ text: 'new' }] }, {}, {}] })
  await expect.poll(() => logged(other, 'turn ended')).toBe(1)
})

test('a notification of a cancel of an earlier turn stops nothing', async ({ cluster, redis }) => {
  await cluster.startWorker()
  const task = await submit(cluster, [{ delay: 500, text: 'done' }])
  await asked(cluster, 1)
  await redis.xadd(shardKeys(0).wake, '0-*', 't', task, 'p', '1', 'k', 'cancel')
  await completed(cluster, task)
  expect(cluster.model.requests).toHaveLength(1)
})

test('a turn continues from the remaining log when Redis came back without its last second', async ({
  cluster,
  redis,
}) => {
  const worker = await cluster.startWorker(often)
  const task = await submit(cluster, [{ calls: [dateCall] }, { delay: 1_500, text: 'done' }])
  await asked(cluster, 2)
  const head = `${shardKeys(0).tag}:task:${task}`
  await redis.ltrim(`${head}:log`, 0, 1)
  await redis.hset(head, { ordinal: 0, pos: 2 })
  await completed(cluster, task)
  await expect.poll(() => logged(worker, 'turn lost')).toBe(1)
})

test('a reconciler finds work whose ticket was lost', async ({ cluster, redis }) => {
  const task = await submit(cluster, [{ text: 'done' }])
  const { queue, tickets } = shardKeys(0)
  // The ticket is added after the reply.
  await expect.poll(() => redis.llen(tickets)).toBe(1)
  await redis.del(...(await redis.keys(`${queue}*`)))
  expect((await createTaskStore(redis).view(task))?.status).toBe('queued')
  await cluster.startWorker(often)
  await completed(cluster, task)
})

test('a turn whose plan cannot be read fails with the reason', async ({ cluster, redis }) => {
  const task = await submit(cluster, [{ text: 'done' }])
  const plans = await redis.keys(`{lh:w:${cluster.workspace}}:plan:*`)
  const [plan = ''] = plans
  const storedPlan = (await redis.get(plan)) ?? ''
  await redis.set(plan, 'no plan')
  await cluster.startWorker()
  expect(await failure(cluster, task)).toMatch(/^internal: the plan/)
  await redis.set(plan, storedPlan)
})

test('one slow turn does not delay the others of its worker', async ({ cluster }) => {
  await cluster.startWorker({ LONGHAUL_CONCURRENCY: '4' })
  const slow = await submit(cluster, [{ fault: 'hang' }])
  await asked(cluster, 1)
  const quick = await Promise.all(
    Array.from({ length: 8 }, () => submit(cluster, [{ text: 'quick' }])),
  )
  await Promise.all(quick.map((task) => completed(cluster, task)))
  // On a busy machine, Redis may not answer the API in time: then it is asked again.
  const status = async () => (await cluster.call('GET', `${path}/${slow}`)).body['status']
  await expect.poll(status).toBe('in_progress')
})

test('a worker runs no more concurrent turns than configured', async ({ cluster }) => {
  await cluster.startWorker({ LONGHAUL_CONCURRENCY: '2' })
  await Promise.all(Array.from({ length: 5 }, () => submit(cluster, [{ delay: 200, text: 'x' }])))
  await asked(cluster, 5)
  expect(mostOpenAtOnce(cluster.model.requests)).toBe(2)
})

test('a worker reports its readiness, its work and its shutdown', async ({ cluster }) => {
  const worker = await cluster.startWorker()
  await completed(cluster, await submit(cluster, [{ text: 'done' }]))
  const metrics = await (await fetch(`${worker.url}/metrics`)).text()
  expect(metrics).toContain('longhaul_turns_ended_total{status="completed"} 1')
  cluster.model.reply([{ delay: 2_000, text: 'slow' }])
  await submit(cluster, [])
  await asked(cluster, 2)
  const stopping = worker.stop()
  await expect.poll(async () => (await fetch(`${worker.url}/readyz`)).status).toBe(503)
  expect(await stopping).toBe(0)
})

/** The maximum number of concurrent requests. */
function mostOpenAtOnce(requests: { at: number; endedAt?: number }[]): number {
  const counts = requests.map(
    ({ at }) =>
      requests.filter((other) => other.at <= at && (other.endedAt ?? Infinity) > at).length,
  )
  return Math.max(...counts)
}
