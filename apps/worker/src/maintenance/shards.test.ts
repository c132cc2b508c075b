import { startCluster, test, testKey } from '@longhaul/testbed'
import { describe, expect, onTestFinished } from 'vitest'

const common = { LONGHAUL_API_KEYS: `test:${testKey}`, LONGHAUL_UNSAFE_REDIS: '1' }

describe.each(['api', 'worker'] as const)('the %s process', (app) => {
  test('does not start with fewer shards than its Redis has', async ({
    redis,
    redisUrl,
    startApp,
  }) => {
    const env = { ...common, REDIS_URL: redisUrl }
    const first = await startApp('api', { ...env, LONGHAUL_SHARDS: '4' })
    expect(await first.stop()).toBe(0)
    await expect(startApp(app, { ...env, LONGHAUL_SHARDS: '3' })).rejects.toThrow(
      /^LONGHAUL_SHARDS is 3, and this Redis is used with 4 shards: .+$/m,
    )
    const more = await startApp(app, { ...env, LONGHAUL_SHARDS: '5' })
    expect(await redis.get('{lh:shards}')).toBe('5')
    expect(await more.stop()).toBe(0)
  })
})

test('a running worker is not ready any more when shards are added, and returns the reason', async ({
  redis,
  redisUrl,
}) => {
  const env = { LONGHAUL_SHARDS: '1', LONGHAUL_LOCK_MS: '1000' }
  const cluster = await startCluster({ redisUrl, env })
  onTestFinished(() => cluster.kill())
  expect(await redis.get('{lh:shards}')).toBe('1')
  const [worker] = cluster.workers
  const ready = async () => {
    const reply = await fetch(`${worker?.url}/readyz`)
    return `${reply.status} ${await reply.text()}`
  }
  expect(await ready()).toMatch(/^200/)
  await cluster.startApi({ LONGHAUL_SHARDS: '4' })
  const reason = 'LONGHAUL_SHARDS is 1, and this Redis is used with 4 shards'
  await expect.poll(ready).toMatch(new RegExp(`^503 .*${reason}`))
  const logged = () => worker?.log.filter((line) => line.includes(reason)).length
  await expect.poll(logged).toBe(1)
  // The worker still serves its own shard, and the API of the same start is still ready.
  expect((await fetch(`${cluster.url}/readyz`)).status).toBe(200)
})
