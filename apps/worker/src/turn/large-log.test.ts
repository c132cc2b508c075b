import { shardKeys } from '@longhaul/redis'
import { startStallProxy } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect, onTestFinished } from 'vitest'
import { completed, often, path, read, scripted, submit, test } from '../plain.fixture.ts'

const { leases } = shardKeys(0)

test('a turn keeps its lease while its large log is read, and others run meanwhile', async ({
  cluster,
}) => {
  const proxy = await startStallProxy(cluster.redisUrl, 'longhaul-bulk')
  const redis = new Redis(cluster.redisUrl)
  onTestFinished(async () => {
    redis.disconnect()
    await proxy.close()
  })
  await cluster.startWorker({ ...often, REDIS_URL: proxy.url })
  await expect.poll(() => proxy.moved().named).toBeGreaterThan(0)
  await completed(cluster, await submit(cluster, [{ text: 'before' }]))
  proxy.stall(true)

  const message = scripted([{ text: 'read all of it' }]).message
  message.parts.push({ kind: 'text', text: 'x'.repeat(900 * 1024) })
  const { body } = await cluster.call('POST', path, { background: true, message })
  const task = String(body['task_id'])
  await expect.poll(() => proxy.held()).toBe(true)
  const ends = new Set<string>()
  await expect
    .poll(async () => {
      const [, end = ''] = await redis.zrange(leases, '0', '-1', 'WITHSCORES')
      return ends.add(end).size
    })
    .toBeGreaterThan(4)
  await completed(cluster, await submit(cluster, [{ text: 'meanwhile' }]))
  expect(await read(cluster, task)).toMatchObject({ status: 'in_progress' })

  proxy.stall(false)
  await completed(cluster, task)
  expect(await redis.hget(`${shardKeys(0).tag}:task:${task}`, 'epoch')).toBe('1')
})
