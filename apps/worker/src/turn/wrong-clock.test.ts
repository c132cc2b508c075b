import { shardKeys } from '@longhaul/redis'
import { shiftedClock } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect, onTestFinished } from 'vitest'
import { asked, completed, often, submit, test } from '../plain.fixture.ts'

const hour = 3_600_000

test.for([
  ['an hour ahead', hour],
  ['an hour behind', -hour],
] as const)(
  'a worker whose clock is %s waits the right time between two retries of a call',
  async ([, shift], { cluster }) => {
    await cluster.startWorker(shiftedClock(shift))
    const refusal = { status: 429, headers: { 'retry-after': '2' }, body: {} }
    const task = await submit(cluster, [[refusal, { text: 'done' }]])
    await completed(cluster, task)
    const [first, second] = cluster.model.requests.map(({ at }) => at)
    expect(second! - first!).toBeGreaterThanOrEqual(2_000)
  },
)

test('a worker whose clock is wrong delays no turn for the others', async ({ cluster }) => {
  const redis = new Redis(cluster.redisUrl)
  onTestFinished(() => redis.disconnect())
  const task = await submit(cluster, [[{ fault: 'hang' }, { text: 'done' }]])
  const wrong = await cluster.startWorker({ ...often, ...shiftedClock(hour) })
  await asked(cluster, 1)
  await wrong.kill()
  await cluster.startWorker(often)
  await completed(cluster, task)
  expect(await redis.zcard(shardKeys(0).returned)).toBe(0)
})
