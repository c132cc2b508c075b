import { shardKeys } from '@longhaul/redis'
import { expect } from 'vitest'
import { failure, submit, redisTest as test } from '../plain.fixture.ts'

test('a turn whose log has lost a value fails with the reason', async ({ cluster, redis }) => {
  const task = await submit(cluster, [{ text: 'x'.repeat(20_000) }])
  for (const key of await redis.keys('*:blob:*')) await redis.del(key)
  await cluster.startWorker()
  expect(await failure(cluster, task)).toMatch(
    /^internal: the log of the task cannot be read: blob/,
  )
})

test('a turn whose facts break the rules fails with the reason', async ({ cluster, redis }) => {
  const task = await submit(cluster, [{ text: 'hello' }])
  const log = `${shardKeys(0).tag}:task:${task}:log`
  await redis.lset(log, 0, '{"v":1,"pos":1,"at":1,"type":"turn.started","turn":1,"plan":"p"}')
  await cluster.startWorker()
  expect(await failure(cluster, task)).toMatch(/^internal: an unexpected error stopped the turn/)
})
