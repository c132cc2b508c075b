import { type AppProcess, type RecordedRequest } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { shardKeys } from '@longhaul/redis'
import { expect, onTestFinished } from 'vitest'
import { runHeavy, test } from './heavy-tasks.fixture.ts'
import { completed, logged, path, submit } from '../plain.fixture.ts'

const MB = 1024 * 1024
const smallHeap = { NODE_OPTIONS: '--max-old-space-size=96' }

test('tasks with more tool results than fit into the heap end, and so do plain tasks meanwhile', async ({
  cluster,
  heavy,
}) => {
  const worker = await cluster.startWorker(smallHeap)
  expect(await runHeavy(heavy, { tasks: 5, results: 16, worker })).toBeGreaterThan(1)
  expect(logged(worker, 'turn lost')).toBe(0)
})

test('one turn with a large log runs, and the others wait without a slot and without a fact', async ({
  cluster,
}) => {
  const redis = new Redis(cluster.redisUrl)
  onTestFinished(() => redis.disconnect())
  let answered = 0
  cluster.model.reply((request) => {
    if (!isLarge(request)) return undefined
    answered += 1
    // The first one is still read when the last one has arrived.
    return { text: 'read', delay: answered === 1 ? 5_000 : 100 }
  })
  const worker = await cluster.startWorker({ ...smallHeap, LONGHAUL_CONCURRENCY: '2' })
  const parts = [{ kind: 'text', text: 'x'.repeat(7 * MB) }]
  const body = { background: true, message: { role: 'user', parts } }
  const sent = await Promise.all(Array.from({ length: 4 }, () => cluster.call('POST', path, body)))
  const tasks = sent.map((reply) => String(reply.body['task_id']))

  await expect.poll(() => waitingIn(worker)).toBeGreaterThan(1)
  await completed(cluster, await submit(cluster, [{ text: 'meanwhile' }]))
  expect(cluster.model.requests.filter(isLarge).length).toBeLessThan(tasks.length)

  for (const task of tasks) {
    await completed(cluster, task)
    expect(await redis.hget(`${shardKeys(0).tag}:task:${task}`, 'epoch')).toBe('1')
  }
  const calls = cluster.model.requests.filter(isLarge)
  expect(calls).toHaveLength(tasks.length)
  for (const [at, call] of calls.slice(1).entries()) {
    expect(call.at).toBeGreaterThanOrEqual(calls[at]?.endedAt ?? Infinity)
  }
  expect(await waitingIn(worker)).toBe(0)
})

function isLarge({ headers }: RecordedRequest): boolean {
  return Number(headers['content-length']) > MB
}

async function waitingIn({ url }: AppProcess): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^longhaul_waiting_for_room (\d+)$/m.exec(metrics)?.[1])
}
