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
  test('finishes its step and releases the turn', async ({ stack }) => {
    const worker = await stack.startWorker({ LONGHAUL_DRAIN_MS: '60000' })
    const task = await submit(stack, [{ delay: 1_000, calls: [dateCall] }, { text: 'done' }])
    await asked(stack, 1)
    const stopping = worker.stop()
    const other = await stack.startWorker()
    expect(await stopping).toBe(0)
    await completed(stack, task)
    const steps = stack.model.requests.map(({ idempotencyKey }) => idempotencyKey)
    expect(steps).toEqual([1, 2].map((step) => stepKey(task, 1, step)))
    expect(logged(worker, 'turn released')).toBe(1)
    await expect.poll(() => logged(other, 'turn ended')).toBe(1)
  })

  test('aborts a step after the grace period, and another worker repeats it', async ({ stack }) => {
    const worker = await stack.startWorker({ LONGHAUL_DRAIN_MS: '700' })
    const task = await submit(stack, [[{ fault: 'hang' }, { text: 'done' }]])
    await asked(stack, 1)
    expect(await worker.stop()).toBe(0)
    expect(stack.model.requests[0]).toMatchObject({ status: 'closed' })
    await stack.startWorker()
    await completed(stack, task)
    expect(new Set(stack.model.requests.map((request) => request.idempotencyKey)).size).toBe(1)
  })

  test('releases a turn at once that waits for the next retry of a call', async ({
    stack,
    redis,
  }) => {
    const worker = await stack.startWorker({ LONGHAUL_DRAIN_MS: '60000' })
    const refusal = { status: 429, headers: { 'retry-after': '3' }, body: {} }
    const task = await submit(stack, [[refusal, { text: 'done' }]])
    const log = `${shardKeys(0).tag}:task:${task}:log`
    await expect.poll(() => redis.lindex(log, -1)).toContain('"type":"model.failed"')
    expect(await worker.stop()).toBe(0)
    expect(stack.model.requests).toHaveLength(1)
    await stack.startWorker()
    await completed(stack, task)
    const [first, second] = stack.model.requests.map(({ at }) => at)
    expect(stack.model.requests).toHaveLength(2)
    expect(second! - first!).toBeGreaterThanOrEqual(3_000)
  })
})

test('a worker that was frozen beyond its lease changes nothing when it wakes up', async ({
  stack,
}) => {
  const zombie = await stack.startWorker(often)
  const task = await submit(stack, [[{ delay: 1_500, text: 'old' }, { text: 'new' }]])
  await asked(stack, 1)
  process.kill(zombie.pid, 'SIGSTOP')
  const other = await stack.startWorker(often)
  await completed(stack, task)
  const before = await stack.call('GET', `${path}/${task}?include=messages`)
  process.kill(zombie.pid, 'SIGCONT')
  await expect.poll(() => logged(zombie, 'turn lost')).toBe(1)
  expect(await stack.call('GET', `${path}/${task}?include=messages`)).toEqual(before)
  expect(before.body).toMatchObject({ output: [{ parts: [{ text: 'new' }] }, {}, {}] })
  await expect.poll(() => logged(other, 'turn ended')).toBe(1)
})

test('a notification of a cancel of an earlier turn stops nothing', async ({ stack, redis }) => {
  await stack.startWorker()
  const task = await submit(stack, [{ delay: 500, text: 'done' }])
  await asked(stack, 1)
  await redis.xadd(shardKeys(0).wake, '0-*', 't', task, 'p', '1', 'k', 'cancel')
  await completed(stack, task)
  expect(stack.model.requests).toHaveLength(1)
})

test('a turn continues from the remaining log when Redis came back without its last second', async ({
  stack,
  redis,
}) => {
  const worker = await stack.startWorker(often)
  const task = await submit(stack, [{ calls: [dateCall] }, { delay: 1_500, text: 'done' }])
  await asked(stack, 2)
  const head = `${shardKeys(0).tag}:task:${task}`
  await redis.ltrim(`${head}:log`, 0, 1)
  await redis.hset(head, { ordinal: 0, pos: 2 })
  await completed(stack, task)
  await expect.poll(() => logged(worker, 'turn lost')).toBe(1)
})

test('a reconciler finds a turn whose job was lost', async ({ stack, redis }) => {
  const task = await submit(stack, [{ text: 'done' }])
  const queueKeys = await redis.keys(`${shardKeys(0).tag}:queue:*`)
  expect(queueKeys.length).toBeGreaterThan(0)
  await redis.del(...queueKeys)
  await stack.startWorker(often)
  expect((await createTaskStore(redis).view(task))?.status).toBe('queued')
  await completed(stack, task)
})

test('a turn whose plan cannot be read fails with the reason', async ({ stack, redis }) => {
  const task = await submit(stack, [{ text: 'done' }])
  const plans = await redis.keys(`{lh:w:${stack.workspace}}:plan:*`)
  const [plan = ''] = plans
  const storedPlan = (await redis.get(plan)) ?? ''
  await redis.set(plan, 'no plan')
  await stack.startWorker()
  expect(await failure(stack, task)).toMatch(/^internal: the plan/)
  await redis.set(plan, storedPlan)
})

test('one slow turn does not delay the others of its worker', async ({ stack }) => {
  await stack.startWorker({ LONGHAUL_CONCURRENCY: '4' })
  const slow = await submit(stack, [{ fault: 'hang' }])
  await asked(stack, 1)
  const quick = await Promise.all(
    Array.from({ length: 8 }, () => submit(stack, [{ text: 'quick' }])),
  )
  await Promise.all(quick.map((task) => completed(stack, task)))
  expect((await stack.call('GET', `${path}/${slow}`)).body['status']).toBe('in_progress')
})

test('a worker runs no more concurrent turns than configured', async ({ stack }) => {
  await stack.startWorker({ LONGHAUL_CONCURRENCY: '2' })
  await Promise.all(Array.from({ length: 5 }, () => submit(stack, [{ delay: 200, text: 'x' }])))
  await asked(stack, 5)
  expect(mostOpenAtOnce(stack.model.requests)).toBe(2)
})

test('a worker reports its readiness, its work and its shutdown', async ({ stack }) => {
  const worker = await stack.startWorker()
  await completed(stack, await submit(stack, [{ text: 'done' }]))
  const metrics = await (await fetch(`${worker.url}/metrics`)).text()
  expect(metrics).toContain('longhaul_turns_ended_total{status="completed"} 1')
  stack.model.reply([{ delay: 2_000, text: 'slow' }])
  await submit(stack, [])
  await asked(stack, 2)
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
