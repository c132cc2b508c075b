import { startRedis, test as base } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import { redisRun } from './redis-run.ts'

const test = base.extend('server', async ({}, { onCleanup }) => {
  const server = await startRedis()
  onCleanup(() => server.stop())
  return server
})

test('the run of Redis is known after the first use, and is another one after a restart', async ({
  server,
}) => {
  const redis = new Redis(server.url, { maxRetriesPerRequest: null })
  redis.on('error', () => {})
  const runOf = async () => /^run_id:(\w+)/m.exec(await redis.info('server'))?.[1]
  expect(redisRun(redis, 'a')).toBe('')
  await expect.poll(() => redisRun(redis, 'a')).not.toBe('')
  const first = redisRun(redis, 'a')
  expect(first).toBe(await runOf())
  await server.restart()
  const second = await runOf()
  await expect.poll(() => redisRun(redis, 'a')).toBe(second)
  expect(second).not.toBe(first)
  redis.disconnect()
})
