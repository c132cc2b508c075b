import { test as base } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import { shardKeys } from '../connection/keys.ts'
import { waitingTickets } from '../lifecycle/queued.fixture.ts'
import { type Consumer, createConsumer, type Slot } from './consumer.ts'
import { createTickets } from './tickets.ts'

const test = base
  .extend('tickets', ({ redis }) => createTickets(redis, 1))
  .extend('consume', async ({ redisUrl }, { onCleanup }) => {
    const consumers: Consumer[] = []
    onCleanup(async () => {
      await Promise.all(consumers.map((consumer) => consumer.close()))
    })
    return (run: (slot: Slot) => Promise<void>, onLockLost?: () => void): void => {
      consumers.push(
        createConsumer({
          redis: new Redis(redisUrl, { maxRetriesPerRequest: null }),
          shard: 0,
          worker: 'w',
          concurrency: 3,
          lockMs: 1_000,
          run,
          onError: (error) => expect.unreachable(error.message),
          ...(onLockLost !== undefined && { onLockLost }),
        }),
      )
    }
  })

test('tickets that run at the same time have different slots', async ({ tickets, consume }) => {
  const slots: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  consume(async ({ id }) => {
    slots.push(id)
    await promise
  })
  for (let count = 0; count < 4; count += 1) await tickets.add(0)
  await expect.poll(() => slots.length).toBe(3)
  expect(slots.toSorted()).toEqual(['w:0', 'w:1', 'w:2'])
  resolve()
  await expect.poll(() => slots.length).toBe(4)
})

test('a ticket whose lock is lost returns to the queue, and its first user is no error', async ({
  tickets,
  consume,
  redis,
}) => {
  let [uses, lost] = [0, 0]
  const { promise, resolve } = Promise.withResolvers<void>()
  consume(
    async () => {
      uses += 1
      if (uses > 1) return
      const { queue } = shardKeys(0)
      const [ticket = ''] = await redis.lrange(`${queue}active`, 0, -1)
      await redis.del(`${queue}${ticket}:lock`)
      await promise
    },
    () => (lost += 1),
  )
  await tickets.add(0)
  await expect.poll(() => uses).toBe(2)
  resolve()
  await expect.poll(() => lost).toBeGreaterThan(0)
  expect(await waitingTickets(redis)).toBe(0)
})
