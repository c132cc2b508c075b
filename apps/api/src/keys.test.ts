import { createKeyStore } from '@longhaul/redis'
import { createKeys } from '@longhaul/tasks'
import { test } from '@longhaul/testing'
import type { Redis } from 'ioredis'
import { describe, expect } from 'vitest'

const plain = { workspace: 'acme', key: 'some:long-random-text' }
const formed = { workspace: 'zeta', key: 'lh_0123456789abcdef_0123456789abcdef' }

const setup = async (redis: Redis) => {
  const clock = { time: 1_000 }
  const keys = createKeys({ keys: createKeyStore(redis), now: () => clock.time })
  await keys.bootstrap([plain, formed])
  return { clock, keys }
}

describe('authenticate', () => {
  test('tells whose key it is, whatever its form', async ({ redis }) => {
    const { keys } = await setup(redis)
    expect(await keys.authenticate(plain.key)).toEqual({ workspace: 'acme' })
    expect(await keys.authenticate(formed.key)).toEqual({ workspace: 'zeta' })
  })

  test.for([
    '',
    'short',
    `${plain.key}x`,
    plain.key.slice(0, -1),
    `${formed.key}x`,
    'lh_0123456789abcdef_',
    'lh_0123456789abcdef_wrong-secret',
    'lh_bootstrap_0123456789',
    'lh_*_0123456789',
    '__proto__',
    `${plain.key},${plain.key}`,
    `${plain.key} `,
    'é'.repeat(20),
    'x'.repeat(6_000),
  ])('%s is nobody’s', async (bearer, { redis }) => {
    const { keys } = await setup(redis)
    expect(await keys.authenticate(bearer)).toBeUndefined()
  })

  test('no key is stored, only hashes', async ({ redis }) => {
    await setup(redis)
    const names = (await redis.keys('*')).filter((name) => !name.endsWith(':bootstrap'))
    const held = await Promise.all(names.map((name) => redis.hgetall(name)))
    expect(names.toSorted()[0]).toBe('{lh:keys}:0123456789abcdef')
    expect(JSON.stringify([names, held])).not.toMatch(/long-random-text|abcdef_/)
    expect(held.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash ?? ''))).toBe(true)
  })

  test('a key that was taken away stops within a second, elsewhere too', async ({ redis }) => {
    const { clock, keys } = await setup(redis)
    const elsewhere = createKeys({ keys: createKeyStore(redis), now: () => clock.time })
    expect(await elsewhere.authenticate(plain.key)).toBeDefined()
    await keys.bootstrap([formed])
    expect(await keys.authenticate(plain.key)).toBeUndefined()
    clock.time += 1_000
    expect(await elsewhere.authenticate(plain.key)).toBeUndefined()
    expect(await elsewhere.authenticate(formed.key)).toEqual({ workspace: 'zeta' })
  })

  test('an answer holds for a second, the wrong key’s too', async ({ redis }) => {
    const { clock, keys } = await setup(redis)
    const late = { workspace: 'acme', key: 'another-long-key' }
    expect(await keys.authenticate(plain.key)).toBeDefined()
    expect(await keys.authenticate(late.key)).toBeUndefined()
    await createKeys({ keys: createKeyStore(redis), now: Date.now }).bootstrap([late])
    clock.time += 999
    expect(await keys.authenticate(plain.key)).toBeDefined()
    expect(await keys.authenticate(late.key)).toBeUndefined()
    clock.time += 1
    expect(await keys.authenticate(plain.key)).toBeUndefined()
    expect(await keys.authenticate(late.key)).toBeDefined()
  })

  test('without Redis nobody is called unauthorized', async ({ redis }) => {
    const { keys } = await setup(redis)
    redis.disconnect()
    await expect(keys.authenticate(plain.key)).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('bootstrap', () => {
  test.for([
    [{ workspace: 'a b', key: 'long-enough' }],
    [{ workspace: '', key: 'long-enough' }],
    [{ workspace: 'acme', key: 'x'.repeat(257) }],
    [{ workspace: 'acme', key: 'with,a comma' }],
    [plain, { workspace: 'other', key: plain.key }],
    [formed, { workspace: 'other', key: 'lh_0123456789abcdef_another-secret' }],
  ])('%j is refused, without telling the key', async (list, { redis }) => {
    const keys = createKeys({ keys: createKeyStore(redis), now: Date.now })
    const refused = await keys.bootstrap(list).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'invalid' })
    expect(String(refused)).not.toContain(list[0]?.key)
    expect(await redis.dbsize()).toBe(0)
  })
})
