import { test } from '@longhaul/testbed'
import { expect } from 'vitest'
import { createKeyStore } from './api-keys.ts'

const key = (id: string, workspace = 'acme') => ({ id, workspace, hash: id.repeat(2) })

test('a bootstrap writes its keys and removes those of the previous one', async ({ redis }) => {
  const keys = createKeyStore(redis)
  await keys.bootstrap([key('one'), key('two')], 1)
  expect(await keys.find('one')).toEqual(key('one'))
  expect(await keys.bootstrap([key('two', 'other'), key('three')], 2)).toBe(true)
  expect(await keys.bootstrap([key('two', 'other'), key('three')], 2)).toBe(true)
  expect(await keys.find('one')).toBeUndefined()
  expect(await keys.find('two')).toEqual(key('two', 'other'))
  expect(await keys.find('three')).toEqual(key('three'))
  await keys.bootstrap([], 3)
  expect(await redis.keys('*')).toEqual(['{lh:keys}:generation'])
})

test('a key that did not come from the environment stays', async ({ redis }) => {
  const keys = createKeyStore(redis)
  await redis.hset('{lh:keys}:made-elsewhere', { workspace: 'acme', hash: 'h' })
  await keys.bootstrap([key('one')], 1)
  await keys.bootstrap([], 2)
  expect(await keys.find('made-elsewhere')).toBeDefined()
})

test('one of several concurrent bootstraps is the last, and removes the keys of the others', async ({
  redis,
}) => {
  const stores = ['a', 'b', 'c', 'd'].map((name) => ({ name, keys: createKeyStore(redis) }))
  await Promise.all(stores.map(({ name, keys }) => keys.bootstrap([key(name), key('shared')], 1)))
  const left = await redis.smembers('{lh:keys}:bootstrap')
  expect(left).toHaveLength(2)
  expect(left).toContain('shared')
  expect(await redis.keys('*')).toHaveLength(4)
})

test('an older process does not change a newer one’s list, and gets false', async ({ redis }) => {
  const keys = createKeyStore(redis)
  await keys.bootstrap([key('new')], 2)
  expect(await keys.bootstrap([key('old')], 1)).toBe(false)
  expect(await keys.find('old')).toBeUndefined()
  expect(await keys.find('new')).toEqual(key('new'))
  expect(await keys.generation()).toBe(2)
})

test('a process that starts is newer than every list, even when the clock was set back', async ({
  redis,
}) => {
  const keys = createKeyStore(redis)
  const generation = await keys.nextGeneration()
  const [seconds] = await redis.time()
  expect(Math.abs(generation / 1_000_000 - Number(seconds))).toBeLessThan(5)
  await keys.bootstrap([], generation * 2)
  expect(await keys.nextGeneration()).toBe(generation * 2 + 1)
})

test('a list that the version before has stored is older than every process', async ({ redis }) => {
  await redis.sadd('{lh:keys}:bootstrap', 'before')
  await redis.hset('{lh:keys}:before', { workspace: 'acme', hash: 'h' })
  const keys = createKeyStore(redis)
  expect(await keys.bootstrap([key('one')], await keys.nextGeneration())).toBe(true)
  expect(await keys.find('before')).toBeUndefined()
})
