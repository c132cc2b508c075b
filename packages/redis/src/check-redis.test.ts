import { startRedis } from '@longhaul/testing'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { checkRedis } from './check-redis.ts'

test('a Redis that keeps what it is given may hold tasks', async () => {
  expect(await check([])).toBeUndefined()
})

test.each([
  [['--maxmemory-policy', 'volatile-lru'], 'maxmemory-policy volatile-lru'],
  [['--appendonly', 'no'], 'appendonly yes'],
])('a Redis started with %j may not', async (flags, problem) => {
  expect(await check(flags)).toContain(problem)
})

async function check(flags: string[]): Promise<string | undefined> {
  const server = await startRedis({ flags })
  const redis = new Redis(server.url)
  onTestFinished(async () => {
    redis.disconnect()
    await server.stop()
  })
  return await checkRedis(redis)
}
