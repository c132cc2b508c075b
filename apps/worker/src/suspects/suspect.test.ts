import { responseId } from '@longhaul/core'
import { shardKeys } from '@longhaul/redis'
import {
  type AppProcess,
  blockable,
  blockingText,
  type Cluster,
  suspectProcess,
} from '@longhaul/testbed'
import type { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import {
  asked,
  completed,
  dateCall,
  failure,
  often,
  path,
  read,
  submit,
  redisTest as test,
} from '../plain.fixture.ts'

const hang = { fault: 'hang' }
const head = (task: string) => `${shardKeys(0).tag}:task:${task}`

/** Submits a turn with a crash count, two by default. */
async function submitSuspect(
  cluster: Cluster,
  redis: Redis,
  script: unknown[],
  crashes = 2,
): Promise<string> {
  const task = await submit(cluster, script)
  await redis.hset(head(task), { deaths: crashes, epoch: 1 })
  return task
}

/** Waits until a worker runs a task in a suspect's process. */
async function processOf(worker: AppProcess, task: string): Promise<number> {
  let pid: number | undefined
  await expect.poll(async () => (pid = await suspectProcess(worker.pid, task))).toBeDefined()
  return pid ?? 0
}

test('a turn that kills two workers and two suspect processes kills no fifth process', async ({
  cluster,
  redis,
}) => {
  const task = await submit(cluster, [hang])
  for (const times of [1, 2]) {
    const worker = await cluster.startWorker()
    await asked(cluster, times)
    await worker.kill()
    await cluster.expireLeases()
  }
  const worker = await cluster.startWorker(often)
  for (const times of [3, 4]) {
    await asked(cluster, times)
    process.kill(await processOf(worker, task), 'SIGKILL')
  }
  expect(await failure(cluster, task)).toMatch(/^worker_crashed: 2 processes in a row/)
  expect(cluster.model.requests).toHaveLength(4)
  expect(worker.alive()).toBe(true)
  await worker.stop()
  expect(await redis.zcard(shardKeys(0).workers)).toBe(2)
})

test('three kills of workers within a model call fail neither its turn nor others', async ({
  cluster,
}) => {
  const slow = { text: 'word '.repeat(5_000), chunkDelay: 50 }
  const submitAll = (script: unknown[], count: number) =>
    Promise.all(Array.from({ length: count }, () => submit(cluster, script)))
  const long = [
    ...(await submitAll([[slow, slow, slow, { text: 'done' }]], 1)),
    ...(await submitAll([[hang, hang, hang, { text: 'done' }]], 1)),
  ]
  const plain = await submitAll([[hang, hang, { text: 'done' }]], 5)
  const asks = (task: string) => {
    const key = `${responseId(task, 1)}.1`
    return cluster.model.requests.filter((request) => request.idempotencyKey === key).length
  }
  for (const kill of [1, 2, 3]) {
    const worker = await cluster.startWorker()
    const wanted = kill < 3 ? [...long, ...plain] : long
    await expect.poll(() => wanted.map(asks)).toEqual(wanted.map(() => kill))
    await worker.kill()
    await cluster.expireLeases()
  }
  await cluster.startWorker()
  for (const task of [...long, ...plain]) await completed(cluster, task)
})

test('a turn that blocks its worker ends, and its neighbours complete', async ({
  cluster,
  redis,
}) => {
  const env = { ...blockable(1_000), LONGHAUL_LOCK_MS: '1000' }
  const neighbours = await Promise.all(
    [1, 2, 3].map(() => submit(cluster, [{ delay: 300, text: 'done' }])),
  )
  const task = await submitSuspect(cluster, redis, [{ text: blockingText }], 1)
  await cluster.startWorker(env)
  expect(await failure(cluster, task)).toMatch(/^worker_crashed: 2 processes in a row/)
  for (const neighbour of neighbours) await completed(cluster, neighbour)
})

test('a suspect that records something continues among other turns', async ({ cluster, redis }) => {
  const task = await submitSuspect(cluster, redis, [{ calls: [dateCall] }, hang])
  const worker = await cluster.startWorker()
  await asked(cluster, 2)
  expect(await suspectProcess(worker.pid, task)).toBeUndefined()
  expect(await redis.hget(head(task), 'deaths')).toBe('0')
})

test('a suspect whose worker is killed continues elsewhere at once, and no crash is counted', async ({
  cluster,
  redis,
}) => {
  const task = await submitSuspect(cluster, redis, [[hang, { text: 'done' }]])
  const worker = await cluster.startWorker(often)
  await asked(cluster, 1)
  await worker.kill()
  expect(await redis.hmget(head(task), 'status', 'deaths')).toEqual(['queued', '2'])
  await cluster.startWorker(often)
  await completed(cluster, task)
})

test('the process of a suspect ends with its worker, even while its event loop is blocked', async ({
  cluster,
  redis,
}) => {
  const task = await submitSuspect(cluster, redis, [{ text: blockingText }])
  const worker = await cluster.startWorker(blockable(600_000))
  await expect.poll(() => redis.hget(head(task), 'status')).toBe('running')
  // It ends when no process holds its output any more.
  await worker.kill()
})

test('a worker that shuts down makes its suspects release their turns', async ({
  cluster,
  redis,
}) => {
  const task = await submitSuspect(cluster, redis, [[hang, { text: 'done' }]])
  const worker = await cluster.startWorker({ LONGHAUL_DRAIN_MS: '100' })
  await asked(cluster, 1)
  expect(await worker.stop()).toBe(0)
  expect(await redis.hmget(head(task), 'status', 'deaths')).toEqual(['queued', '2'])
})

test('one workspace has at most three running suspects in a worker', async ({ cluster, redis }) => {
  const tasks: string[] = []
  for (let count = 0; count < 4; count += 1) tasks.push(await submitSuspect(cluster, redis, [hang]))
  const worker = await cluster.startWorker()
  await asked(cluster, 3)
  const running = async () => {
    const pids = await Promise.all(tasks.map((task) => suspectProcess(worker.pid, task)))
    return pids.filter((pid) => pid !== undefined).length
  }
  expect(await running()).toBe(3)
  // The fourth one is tried again when one of the others has ended.
  const at = await Promise.all(tasks.map((task) => suspectProcess(worker.pid, task)))
  const first = tasks[at.findIndex((pid) => pid !== undefined)] ?? ''
  await cluster.call('POST', `${path}/${first}/cancel`)
  await asked(cluster, 4)
  expect(await running()).toBe(3)
})

describe('a turn that has lost a worker', () => {
  test('is cancelled at once while it runs in its own process', async ({ cluster, redis }) => {
    const task = await submitSuspect(cluster, redis, [hang])
    const worker = await cluster.startWorker()
    await asked(cluster, 1)
    const { status, body } = await cluster.call('POST', `${path}/${task}/cancel`)
    expect([status, body['error']]).toEqual([200, 'cancelled'])
    await expect.poll(() => suspectProcess(worker.pid, task)).toBeUndefined()
  })

  test('is cancelled and deleted at once while no worker lives', async ({ cluster }) => {
    const tasks = [await submit(cluster, [hang]), await submit(cluster, [hang])]
    for (const times of [2, 4]) {
      const worker = await cluster.startWorker()
      await asked(cluster, times)
      await worker.kill()
      if (times === 2) await cluster.expireLeases()
    }
    const [first = '', second = ''] = tasks
    expect((await cluster.call('POST', `${path}/${first}/cancel`)).status).toBe(200)
    expect((await cluster.call('DELETE', `${path}/${second}`)).status).toBe(204)
  })
})

test('a cancel that waits ends a turn whose worker has died, after a grace period', async ({
  cluster,
}) => {
  const task = await submit(cluster, [hang])
  const worker = await cluster.startWorker()
  await asked(cluster, 1)
  await worker.kill()
  expect((await cluster.call('POST', `${path}/${task}/cancel`)).status).toBe(202)
  expect((await cluster.call('POST', `${path}/${task}/cancel?wait=60`)).status).toBe(200)
  expect((await read(cluster, task))['error']).toBe('cancelled')
})
