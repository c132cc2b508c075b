import { startRedis } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { checkInfo, checkRedis } from './check-redis.ts'

test('a durable Redis may store tasks', async () => {
  expect(await check([])).toBeUndefined()
})

test.each([
  [['--maxmemory-policy', 'volatile-lru'], 'maxmemory-policy volatile-lru'],
  [['--appendonly', 'no'], 'appendonly yes'],
])('a Redis started with %j may not', async (flags, problem) => {
  expect(await check(flags)).toContain(problem)
})

test('a replica may not store tasks yet', async () => {
  await expect(check(['--replicaof', '127.0.0.1 1'])).rejects.toThrow(/replica of 127\.0\.0\.1:1 /)
})

test.each([
  ['6.2.14', 'Redis is version 6.2.14: 7.0 or newer is needed'],
  ['', 'Redis is version unknown: 7.0 or newer is needed'],
  ['7.0.0', undefined],
  ['10.1.0', undefined],
])('a Redis of version %j is told: %s', (version, problem) => {
  const lines = ['aof_enabled:1', 'maxmemory_policy:noeviction']
  if (version !== '') lines.push(`redis_version:${version}`)
  const reported = checkInfo(lines.join('\r\n'))
  const way = 'LONGHAUL_UNSAFE_REDIS=1 accepts the loss of tasks.'
  expect(reported).toBe(problem === undefined ? undefined : `${problem}. ${way}`)
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
