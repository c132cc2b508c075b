import { test } from '@longhaul/testbed'
import { expect, onTestFinished } from 'vitest'
import { createBackend } from './backend.ts'
import { installationMark } from './connection/keys.ts'

const own = { installation: { id: 'AAAAAAAA', workspaces: ['acme'] }, durable: false }

function backendOn(server: string, shards = 1) {
  const calls: string[] = []
  const backend = createBackend({
    server,
    purpose: 'work',
    shards,
    onError: (_error, role) => void calls.push(role),
    onMissingDatabase: () => void calls.push('missing database'),
  })
  onTestFinished(() => Object.values(backend.connections).forEach((each) => each.disconnect()))
  return { backend, calls }
}

test('a process with too few shards is refused before it claims the namespace', async ({
  redis,
  redisUrl,
}) => {
  await backendOn(redisUrl, 2).backend.check(own)
  await redis.del(installationMark())
  const { backend } = backendOn(redisUrl, 1)
  expect(await backend.check(own)).toMatchObject({
    check: 'shards',
    reason: expect.stringContaining('set LONGHAUL_SHARDS to 2') as string,
  })
  expect(await redis.get(installationMark())).toBeNull()
  expect(backend.hasServed()).toBe(false)
})

test('a process that has served checks its namespace before its shards', async ({
  redis,
  redisUrl,
}) => {
  const { backend } = backendOn(redisUrl, 1)
  expect(await backend.check(own)).toBeUndefined()
  expect(await redis.get(installationMark())).toBe('AAAAAAAA')
  expect(backend.hasServed()).toBe(true)
  await backendOn(redisUrl, 2).backend.check(own)
  expect(await backend.check(own)).toMatchObject({ check: 'shards' })
  await redis.set(installationMark(), 'BBBBBBBB')
  expect(await backend.check(own)).toMatchObject({ check: 'namespace' })
})

test('only a process that has not served yet takes a released namespace', async ({
  redis,
  redisUrl,
}) => {
  const { backend } = backendOn(redisUrl)
  await redis.set(installationMark(), 'free')
  expect(await backend.check(own)).toBeUndefined()
  expect(await redis.get(installationMark())).toBe('AAAAAAAA')
  await redis.set(installationMark(), 'free')
  expect(await backend.check(own)).toBeUndefined()
  expect(await redis.get(installationMark())).toBe('free')
})

test('a missing database is reported as such', async ({ redisUrl }) => {
  const url = new URL(redisUrl)
  url.pathname = '/99'
  const { calls } = backendOn(url.href)
  await expect.poll(() => calls).toEqual(expect.arrayContaining(['missing database', 'work']))
})
