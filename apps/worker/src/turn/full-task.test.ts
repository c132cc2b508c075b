import { fullAt } from '@longhaul/core'
import { shardKeys } from '@longhaul/redis'
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import { dateCall, failure, path, read, scripted, submit, test } from '../plain.fixture.ts'

test('a turn of a full task fails, and so does the next one', async ({ cluster }) => {
  const script = [{ text: 'one', calls: [dateCall] }, { text: 'never asked for' }]
  const task = await submit(cluster, script)
  const redis = new Redis(cluster.redisUrl)
  await redis.hset(`${shardKeys(0).tag}:task:${task}`, 'bytes', fullAt.bytes - 1)
  redis.disconnect()
  await cluster.startWorker()
  expect(await failure(cluster, task)).toMatch(
    /^task_full: the task is full: it may hold 67108864 bytes/,
  )
  expect(await read(cluster, task)).toMatchObject({ usage: { completion_tokens: 1 } })
  expect(cluster.model.requests).toHaveLength(1)

  const next = { background: true, task_id: task, ...scripted(script) }
  expect(await cluster.call('POST', path, next)).toMatchObject({
    status: 422,
    body: { error: { code: 'task_full' } },
  })
})
