import { startRedis } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from './connect.ts'
import { createStoreCheck } from './store-check.ts'

test('the reason why Redis refuses writes is reported at once', async () => {
  const { dir, redis, reason } = await start()
  expect(await reason()).toBeUndefined()

  await redis.config('SET', 'maxmemory', '1')
  expect(await reason()).toBe('store_full')
  await redis.config('SET', 'maxmemory', '0')
  expect(await reason()).toBeUndefined()

  await redis.config('SET', 'min-replicas-to-write', '1')
  expect(await reason()).toBe('store_lacks_replicas')
  await redis.config('SET', 'min-replicas-to-write', '0')

  // A file cannot replace a folder, as on a full disk.
  await mkdir(join(dir, 'dump.rdb'))
  await redis.config('SET', 'save', '3600 1')
  await redis.bgsave()
  await expect.poll(reason).toBe('store_cannot_save')
  await redis.config('SET', 'save', '')
  expect(await reason()).toBeUndefined()

  await redis.acl('SETUSER', 'default', '-evalsha')
  expect(await reason()).toBe('store_denies_access')
  await redis.acl('SETUSER', 'default', '+evalsha')

  await redis.replicaof('127.0.0.1', '1')
  expect(await reason()).toBe('store_read_only')
  await redis.replicaof('NO', 'ONE')
  await expect.poll(reason).toBeUndefined()
})

test('the check writes nothing', async () => {
  const { redis, reason } = await start()
  const written = async () => /rdb_changes_since_last_save:(\d+)/.exec(await redis.info())?.[1]
  const before = await written()
  expect(await reason()).toBeUndefined()
  expect([await written(), await redis.dbsize()]).toEqual([before, 0])
})

test('a cluster without primaries for its slots is reported as such', async () => {
  const { reason } = await start(['--cluster-enabled', 'yes'])
  expect(await reason()).toBe('store_cluster_down')
})

test('the reason is found when the connection to Redis is lost', async () => {
  // Redis loads for two seconds, and replies between any two keys.
  const flags = ['--key-load-delay', '50000', '--loading-process-events-interval-bytes', '1024']
  const { server, redis, work, reason } = await start(flags)
  for (let key = 0; key < 40; key += 1) await redis.set(String(key), randomBytes(2_048))
  await redis.bgrewriteaof()
  await expect.poll(async () => await redis.info('persistence')).toMatch(/rewrite_in_progress:0/)
  await server.kill()
  await expect.poll(reason).toBe('unavailable')
  const restarted = server.restart()
  await expect.poll(reason).toBe('store_loading')
  expect(work.status).not.toBe('ready')
  await restarted
  await expect.poll(reason).toBeUndefined()

  await redis.acl('SETUSER', 'default', '>password')
  work.disconnect(true)
  await expect.poll(reason).toBe('store_denies_access')
})

async function start(flags: string[] = []) {
  const dir = await mkdtemp(join(tmpdir(), 'longhaul-store-check-'))
  const server = await startRedis({ dir, flags })
  const redis = new Redis(server.url)
  redis.on('error', () => {})
  const work = connect(server.url, { role: 'work', onError: () => {} })
  onTestFinished(async () => {
    redis.disconnect()
    work.disconnect()
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  })
  await once(work, 'ready')
  const trouble = createStoreCheck(work, (onError) =>
    connect(server.url, { role: 'check', onError }),
  )
  const reason = async () => {
    const found = await trouble()
    return found && (found.reason ?? found.code)
  }
  return { dir, server, redis, work, reason }
}
