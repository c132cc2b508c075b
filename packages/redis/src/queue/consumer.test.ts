import { test as base } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import { type Consumer, createConsumer, type JobOutcome } from './consumer.ts'
import { createQueue } from './queue.ts'
import { taskId } from '../lifecycle/turn.fixture.ts'

const first = { taskId, turn: 1, segment: 1 }
const second = { taskId, turn: 1, segment: 2 }

const test = base
  .extend('queue', ({ redis }) => createQueue(redis, 1))
  .extend('consume', async ({ redisUrl }, { onCleanup }) => {
    const consumers: Consumer[] = []
    onCleanup(async () => {
      await Promise.all(consumers.map((consumer) => consumer.close()))
    })
    return (run: (segment: number) => JobOutcome): Consumer => {
      const consumer = createConsumer({
        redis: new Redis(redisUrl, { maxRetriesPerRequest: null }),
        shard: 0,
        concurrency: 1,
        lockMs: 1_000,
        run: ({ segment }) => Promise.resolve(run(segment)),
        onError: (error) => expect.unreachable(error.message),
      })
      consumers.push(consumer)
      return consumer
    }
  })

test('a delayed job is delivered again when its time is over, and others run meanwhile', async ({
  queue,
  consume,
}) => {
  const ran: { segment: number; at: number }[] = []
  consume((segment) => {
    ran.push({ segment, at: performance.now() })
    return ran.length === 1 ? { type: 'delay', ms: 1_500 } : { type: 'done' }
  })
  await queue.enqueue(first)
  await queue.enqueue(second)
  await expect.poll(() => ran.length).toBe(3)
  expect(ran.map(({ segment }) => segment)).toEqual([1, 2, 1])
  expect(ran[2]!.at - ran[0]!.at).toBeGreaterThanOrEqual(1_490)
})

test('a delayed job goes to another consumer at once when its own is closed', async ({
  queue,
  consume,
}) => {
  const ran: string[] = []
  const leaving = consume(() => {
    ran.push('leaving')
    return { type: 'delay', ms: 600_000 }
  })
  await queue.enqueue(first)
  await expect.poll(() => ran.at(-1)).toBe('leaving')
  await leaving.close()
  consume(() => {
    ran.push('other')
    return { type: 'done' }
  })
  await expect.poll(() => ran.at(-1)).toBe('other')
})

test('a released job is taken by another waiting consumer', async ({ queue, consume }) => {
  const ran: string[] = []
  const leaving = consume(() => {
    ran.push('leaving')
    void leaving.close()
    return { type: 'hand-back' }
  })
  await queue.enqueue(first)
  await expect.poll(() => ran.at(-1)).toBe('leaving')
  consume(() => {
    ran.push('other')
    return { type: 'done' }
  })
  await expect.poll(() => ran.at(-1)).toBe('other')
})
