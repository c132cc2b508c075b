import { shardKeys, taskKeys } from '@longhaul/redis'
import { callWith, shiftedClock, startCluster } from '@longhaul/testbed'
import { expect } from 'vitest'
import {
  completed,
  createPlain,
  often,
  path,
  read,
  redisTest as test,
  scripted,
} from '../plain.fixture.ts'

const hour = 3_600_000
const hello = scripted([{ text: 'Hello.' }])

test('a turn that no worker takes in time fails as expired, and nothing is called', async ({
  cluster,
  redis,
}) => {
  const reply = cluster.call('POST', path, { ...hello, longhaul: { expires_in: 'PT1S' } })
  await expect.poll(async () => await redis.zcard(shardKeys(0).expiries)).toBe(1)
  await expect
    .poll(async () => {
      const [, score] = await redis.zrange(shardKeys(0).expiries, '0', '0', 'WITHSCORES')
      const [seconds] = await redis.time()
      return Number(seconds) * 1_000 > Number(score)
    })
    .toBe(true)
  await cluster.startWorker(often)
  expect(await reply).toMatchObject({
    status: 504,
    body: { error: { code: 'expired', message: expect.stringContaining('nothing was called') } },
  })
  expect(cluster.model.requests).toEqual([])
})

test.for([
  ['an hour ahead', hour],
  ['an hour behind', -hour],
] as const)(
  'a duration counts right at an API process whose clock is %s',
  async ([, shift], { cluster, redis }) => {
    const api = await cluster.startApi(shiftedClock(shift))
    const call = callWith(api.url, cluster.key)
    const options = { background: true, longhaul: { start_at: 'PT30M' } }
    const { body } = await call('POST', path, { ...hello, ...options })
    const start = Number(await redis.hget(taskKeys(String(body['task_id'])).head, 'start-at'))
    const [seconds] = await redis.time()
    expect(Math.abs(start - Number(seconds) * 1_000 - hour / 2)).toBeLessThan(60_000)
  },
)

test('LONGHAUL_PRIORITY_AGEING sets how much later each step of a priority starts', async ({
  cluster,
  redis,
}) => {
  const api = await cluster.startApi({ LONGHAUL_PRIORITY_AGEING: '1h' })
  const options = { background: true, longhaul: { start_at: 'PT30M', priority: 5 } }
  const { body } = await callWith(api.url, cluster.key)('POST', path, { ...hello, ...options })
  const { head } = taskKeys(String(body['task_id']))
  const [start, rank] = await redis.hmget(head, 'start-at', 'rank')
  expect(Number(rank) - Number(start)).toBe(4 * hour)
})

test('a turn that starts later runs when its worker was killed before, and when Redis lost its tickets', async ({
  cluster,
  redis,
}) => {
  const first = await cluster.startWorker(often)
  const options = { background: true, longhaul: { start_at: 'PT1S' } }
  const { body } = await cluster.call('POST', path, { ...hello, ...options })
  await first.kill()
  await redis.del(shardKeys(0).tickets)
  await cluster.startWorker(often)
  await completed(cluster, String(body['task_id']))
  expect(await redis.exists(shardKeys(0).due)).toBe(0)
})

test('a turn that starts later also starts after a restart of Redis', async ({
  onTestFinished,
}) => {
  const cluster = await startCluster({ env: often })
  onTestFinished(() => cluster.kill())
  await createPlain(cluster)
  const options = { background: true, longhaul: { start_at: 'PT2S', expires_in: 'PT10M' } }
  const { body } = await cluster.call('POST', path, { ...hello, ...options })
  await cluster.redis?.restart()
  await completed(cluster, String(body['task_id']))
})

test('the plan of a turn that starts in 80 days is kept until then', async ({ cluster, redis }) => {
  const options = { background: true, longhaul: { start_at: 'P80D' } }
  const { body } = await cluster.call('POST', path, { ...hello, ...options })
  const task = String(body['task_id'])
  const plans = await redis.keys('*:plan:*')
  const lives = await Promise.all(plans.map((key) => redis.pttl(key)))
  expect(Math.max(...lives)).toBeGreaterThan(80 * 24 * hour)
  expect(await cluster.call('POST', `${path}/${task}/cancel`)).toMatchObject({ status: 200 })
  expect(await read(cluster, task)).toMatchObject({ error: 'cancelled' })
})
