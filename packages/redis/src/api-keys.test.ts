import { test } from '@longhaul/testing'
import { expect } from 'vitest'
import { createKeyStore } from './api-keys.ts'

const key = (id: string, workspace = 'acme') => ({ id, workspace, hash: id.repeat(2) })

test('a bootstrap writes its keys and removes those of the one before', async ({ redis }) => {
  const keys = createKeyStore(redis)
  await keys.bootstrap([key('one'), key('two')])
  expect(await keys.find('one')).toEqual(key('one'))
  await keys.bootstrap([key('two', 'other'), key('three')])
  await keys.bootstrap([key('two', 'other'), key('three')])
  expect(await keys.find('one')).toBeUndefined()
  expect(await keys.find('two')).toEqual(key('two', 'other'))
  expect(await keys.find('three')).toEqual(key('three'))
  await keys.bootstrap([])
  expect(await redis.keys('*')).toEqual([])
})

test('a key that did not come from the environment stays', async ({ redis }) => {
  const keys = createKeyStore(redis)
  await redis.hset('{lh:keys}:made-elsewhere', { workspace: 'acme', hash: 'h' })
  await keys.bootstrap([key('one')])
  await keys.bootstrap([])
  expect(await keys.find('made-elsewhere')).toBeDefined()
})

test('of bootstraps at the same time one is the last, and leaves nothing of the others', async ({
  redis,
}) => {
  const stores = ['a', 'b', 'c', 'd'].map((name) => ({ name, keys: createKeyStore(redis) }))
  await Promise.all(stores.map(({ name, keys }) => keys.bootstrap([key(name), key('shared')])))
  const left = await redis.smembers('{lh:keys}:bootstrap')
  expect(left).toHaveLength(2)
  expect(left).toContain('shared')
  expect(await redis.keys('*')).toHaveLength(3)
})
