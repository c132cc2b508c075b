import { shardKeys } from '@longhaul/redis'
import { shiftedClock } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect, onTestFinished } from 'vitest'
import { completed, logged, often, submit, test } from '../plain.fixture.ts'

const hour = 3_600_000

test.for([
  ['an hour ahead', hour],
  ['an hour behind', -hour],
] as const)(
  'a worker whose clock is %s waits the right time between two retries of a call',
  async ([, shift], { stack }) => {
    await stack.startWorker(shiftedClock(shift))
    const refusal = { status: 429, headers: { 'retry-after': '2' }, body: {} }
    const task = await submit(stack, [[refusal, { text: 'done' }]])
    await completed(stack, task)
    const [first, second] = stack.model.requests.map(({ at }) => at)
    expect(second! - first!).toBeGreaterThanOrEqual(2_000)
  },
)

test('a worker whose clock is wrong delays no job for the others', async ({ stack }) => {
  const redis = new Redis(stack.redisUrl)
  onTestFinished(() => redis.disconnect())
  const task = await submit(stack, [{ text: 'done' }])
  const head = `${shardKeys(0).tag}:task:${task}`
  await redis.hset(head, 'v', 2)
  const wrong = await stack.startWorker({ ...often, ...shiftedClock(hour) })
  await expect.poll(() => logged(wrong, 'turn left to a newer version')).toBeGreaterThan(0)
  await redis.hset(head, 'v', 1)
  await wrong.stop()
  await stack.startWorker(often)
  await completed(stack, task)
})
