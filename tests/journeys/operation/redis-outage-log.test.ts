import { startRedis, test, testKey } from '@longhaul/testbed'
import { expect, onTestFinished } from 'vitest'

test('an outage of Redis is logged in a few lines, with the number of its errors', async ({
  startApp,
}) => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const app = await startApp('api', {
    REDIS_URL: redis.url,
    LONGHAUL_UNSAFE_REDIS: '1',
    LONGHAUL_API_KEYS: `test:${testKey}`,
  })
  await redis.stop()
  const errors = () =>
    app.log
      .filter((line) => line.includes('redis connection error'))
      .map((line) => JSON.parse(line) as { role: string; times?: number })
  await expect.poll(() => errors().some(({ times = 0 }) => times > 1)).toBe(true)
  const firstOf = (role: string) =>
    errors().filter((line) => line.role === role && line.times === undefined)
  expect(firstOf('requests')).toHaveLength(1)
  expect(firstOf('wake').length).toBeLessThanOrEqual(1)
})
