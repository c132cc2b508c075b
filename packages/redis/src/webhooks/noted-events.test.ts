import { jobId } from '@longhaul/core'
import { startRedis } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect, onTestFinished } from 'vitest'
import { shardKeys } from '../connection/keys.ts'
import {
  completed,
  job,
  jobName,
  lock,
  result,
  submission,
  taskId,
  test,
} from '../lifecycle/turn.fixture.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { createListeners } from './listeners.ts'

const { events } = shardKeys(0)

/** A Redis of its own, because its statistics count the commands of everybody. */
async function ownRedis(): Promise<Redis> {
  const server = await startRedis()
  onTestFinished(() => server.stop())
  const redis = new Redis(server.url, { maxRetriesPerRequest: 1 })
  onTestFinished(() => redis.disconnect())
  return redis
}

/** Runs the first turn of a task. Returns how many Redis commands its claim and its end cost. */
async function commandsOf(redis: Redis, workspace: string, task: string): Promise<number> {
  const store = createTaskStore(redis, { clock: () => 1_000_000 })
  await store.submit(submission({ taskId: task, workspace }))
  await redis.config('RESETSTAT')
  const ref = { taskId: task, turn: 1 }
  expect(await store.claim(ref, 'a1', lock)).toMatchObject({ outcome: 'claimed' })
  const end = { folded: 2, status: 'completed', result } as const
  const append = { ...ref, attempt: 'a1', ordinal: 1, facts: [completed], end }
  expect(await store.append(append)).toMatchObject({ outcome: 'ok' })
  const statistics = await redis.info('commandstats')
  const counts = [...statistics.matchAll(/calls=(\d+)/g)].map(([, count]) => Number(count))
  return counts.reduce((sum, count) => sum + count, 0)
}

function taskAt(number: number): string {
  return `${taskId.slice(0, -1)}${number}`
}

test('an event costs no command without an endpoint, and one command with an endpoint', async () => {
  const redis = await ownRedis()
  // Scripts are loaded by the first one.
  await commandsOf(redis, 'w', taskAt(0))
  const without = await commandsOf(redis, 'w', taskAt(1))
  expect(await redis.exists(events)).toBe(0)
  await createListeners(redis, { shards: 1 }).listen('w')
  // The start, and the end.
  expect(await commandsOf(redis, 'w', taskAt(2))).toBe(without + 2)
  const name = jobId(taskAt(2), 1)
  expect(await redis.zrange(events, '0', '-1')).toEqual([`${name} 2 1`, `${name} 3 2`])
})

test('a repeated attempt notes no second start', async ({ store, redis }) => {
  await createListeners(redis, { shards: 1 }).listen('w')
  await store.submit(submission())
  await store.claim(job, 'a1', lock)
  await store.release({ ...job, attempt: 'a1' })
  await store.claim(job, 'a2', lock)
  expect(await redis.zrange(events, '0', '-1')).toEqual([`${jobName} 2 1`])
})
