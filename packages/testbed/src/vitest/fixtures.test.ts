import { Redis } from 'ioredis'
import { expect } from 'vitest'
import { startRedis, test } from '../index.ts'

test('a test that uses redis finds it empty', async ({ redis }) => {
  expect(await redis.dbsize()).toBe(0)
  await redis.set('left', 'behind')
})

test('data of the test before is gone', async ({ redis }) => {
  expect(await redis.dbsize()).toBe(0)
})

test('the url names the database of the client', async ({ redis, redisUrl }) => {
  await redis.set('who', 'me')
  const other = new Redis(redisUrl)
  expect(await other.get('who')).toBe('me')
  other.disconnect()
})

test('a file never gets database 0 or a database with keys', async ({ redisUrl }) => {
  expect(new URL(redisUrl).pathname).toMatch(/^\/([1-9]|1[0-5])$/)
})

test('a test server restarts on its port with its data after a kill', async () => {
  const server = await startRedis()
  const redis = new Redis(server.url, { retryStrategy: () => 20 })
  redis.on('error', () => {})
  await redis.set('kept', 'yes')
  // With appendfsync everysec a crash of the machine may lose one second, but the end of the process loses nothing.
  const pid = server.pid
  await server.kill()
  await server.restart()
  expect(await redis.get('kept')).toBe('yes')
  expect(server.pid).not.toBe(pid)
  redis.disconnect()
  await server.stop()
})
