import { createKeyStore } from '@longhaul/redis'
import { createKeys } from '@longhaul/tasks'
import { test } from '@longhaul/testbed'
import type { Redis } from 'ioredis'
import { describe, expect } from 'vitest'

const plain = { workspace: 'acme', key: 'some:long-random-text' }
const formed = { workspace: 'zeta', key: 'lh_0123456789abcdef_0123456789abcdef' }

const setup = async (redis: Redis) => {
  const clock = { time: 1_000 }
  const start = (list: (typeof plain)[]) =>
    createKeys({ keys: createKeyStore(redis), list, now: () => clock.time })
  const keys = start([plain, formed])
  await keys.restore()
  return { clock, keys, start }
}

describe('authenticate', () => {
  test('finds the holder of a key in any form', async ({ redis }) => {
    const { keys } = await setup(redis)
    expect(await keys.authenticate(plain.key)).toEqual({
      workspace: 'acme',
      keyId: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    expect(await keys.authenticate(formed.key)).toEqual({
      workspace: 'zeta',
      keyId: '0123456789abcdef',
    })
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
  ])('%s belongs to no caller', async (bearer, { redis }) => {
    const { keys } = await setup(redis)
    expect(await keys.authenticate(bearer)).toBeUndefined()
  })

  test('no key is stored, only hashes', async ({ redis }) => {
    await setup(redis)
    const names = (await redis.keys('*')).filter((name) => !/:(?:bootstrap|generation)$/.test(name))
    const held = await Promise.all(names.map((name) => redis.hgetall(name)))
    expect(names.toSorted()[0]).toBe('{lh:keys}:0123456789abcdef')
    expect(JSON.stringify([names, held])).not.toMatch(/long-random-text|abcdef_/)
    expect(held.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash ?? ''))).toBe(true)
  })

  test('a removed key stops working within a second, also in other processes', async ({
    redis,
  }) => {
    const { clock, keys: elsewhere, start } = await setup(redis)
    expect(await elsewhere.authenticate(plain.key)).toBeDefined()
    const keys = start([formed])
    await keys.restore()
    expect(await keys.authenticate(plain.key)).toBeUndefined()
    clock.time += 1_000
    expect(await elsewhere.authenticate(plain.key)).toBeUndefined()
    expect(await elsewhere.authenticate(formed.key)).toMatchObject({ workspace: 'zeta' })
  })

  test('a result is cached for a second, also that of a wrong key', async ({ redis }) => {
    const { clock, keys, start } = await setup(redis)
    const late = { workspace: 'acme', key: 'another-long-key' }
    expect(await keys.authenticate(plain.key)).toBeDefined()
    expect(await keys.authenticate(late.key)).toBeUndefined()
    await start([late]).restore()
    clock.time += 999
    expect(await keys.authenticate(plain.key)).toBeDefined()
    expect(await keys.authenticate(late.key)).toBeUndefined()
    clock.time += 1
    expect(await keys.authenticate(plain.key)).toBeUndefined()
    expect(await keys.authenticate(late.key)).toBeDefined()
  })

  test('without Redis no caller is refused as unauthorized', async ({ redis }) => {
    const { keys } = await setup(redis)
    redis.disconnect()
    await expect(keys.authenticate(plain.key)).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('restore', () => {
  test('an older process never revives a revoked key, nor revokes a new one', async ({ redis }) => {
    const { clock, keys: older, start } = await setup(redis)
    const late = { workspace: 'acme', key: 'another-long-key' }
    await start([formed, late]).restore()
    await older.restore()
    clock.time += 1_000
    expect(await older.authenticate(plain.key)).toBeUndefined()
    expect(await older.authenticate(late.key)).toBeDefined()
  })

  test('the newest process restores keys that Redis has lost, and an older process gives it time', async ({
    redis,
  }) => {
    const { clock, keys: older, start } = await setup(redis)
    const newer = start([formed])
    await newer.restore()
    expect(await older.isLost()).toBe(false)
    await redis.flushdb()
    expect(await older.isLost()).toBe(true)
    await expect(older.restore()).rejects.toMatchObject({ code: 'unavailable' })
    await expect(older.authenticate(formed.key)).rejects.toMatchObject({ code: 'unavailable' })
    await newer.restore()
    await older.restore()
    expect(await older.isLost()).toBe(false)
    clock.time += 1_000
    expect(await older.authenticate(plain.key)).toBeUndefined()
    expect(await older.authenticate(formed.key)).toBeDefined()
  })

  test('an older process restores its own keys when no newer process is left', async ({
    redis,
  }) => {
    const { clock, keys: older, start } = await setup(redis)
    await start([formed]).restore()
    expect(await older.isLost()).toBe(false)
    await redis.flushdb()
    await expect(older.restore()).rejects.toMatchObject({ code: 'unavailable' })
    clock.time += 3_000
    await older.restore()
    expect(await older.authenticate(plain.key)).toBeDefined()
    expect(await older.isLost()).toBe(false)
  })
})

describe('a list of keys', () => {
  test.for([
    [{ workspace: 'a b', key: 'long-enough-to-be-a-key' }],
    [{ workspace: '', key: 'long-enough-to-be-a-key' }],
    [{ workspace: 'acme', key: 'only-15-of-them' }],
    [{ workspace: 'acme', key: 'x'.repeat(257) }],
    [{ workspace: 'acme', key: 'long-enough-with,a comma' }],
    [plain, { workspace: 'other', key: plain.key }],
    [formed, { workspace: 'other', key: 'lh_0123456789abcdef_another-secret' }],
  ])('%j is refused without showing the key', (list, { redis }) => {
    const create = () => createKeys({ keys: createKeyStore(redis), list, now: Date.now })
    expect(create).toThrow(expect.objectContaining({ code: 'invalid' }))
    try {
      create()
    } catch (error) {
      expect(String(error)).not.toContain(list[0]?.key)
    }
  })
})

const wrong = (n: number) => `nobodys-key-number-${n}`

describe('unknown keys of one address', () => {
  const refusal = { code: 'rate_limited', details: { violated_policies: ['unknown_keys'] } }

  test('are refused after 30 in a minute, without further lookups', async ({ redis }) => {
    const store = createKeyStore(redis)
    let lookups = 0
    const counting = {
      ...store,
      find: (id: string) => {
        lookups += 1
        return store.find(id)
      },
    }
    const clock = { time: 1_000 }
    const keys = createKeys({ keys: counting, list: [plain], now: () => clock.time })
    await keys.restore()
    for (let n = 0; n < 30; n += 1) {
      expect(await keys.authenticate(wrong(n), '192.0.2.1')).toBeUndefined()
    }
    await expect(keys.authenticate(wrong(30), '192.0.2.1')).rejects.toMatchObject(refusal)
    expect(lookups).toBe(30)
    expect(await keys.authenticate(wrong(30), '192.0.2.2')).toBeUndefined()
    expect(await keys.authenticate(plain.key, '192.0.2.1')).toMatchObject({ workspace: 'acme' })
    clock.time += 60_000
    expect(await keys.authenticate(wrong(30), '192.0.2.1')).toBeUndefined()
  })

  test('do not block a key of another process that was valid here recently', async ({ redis }) => {
    const { clock, keys, start } = await setup(redis)
    const seen = { workspace: 'zeta', key: 'the-key-that-was-seen' }
    const unseen = { workspace: 'zeta', key: 'the-key-that-was-not' }
    await start([plain, seen, unseen]).restore()
    expect(await keys.authenticate(seen.key, '192.0.2.1')).toMatchObject({ workspace: 'zeta' })
    for (let n = 0; n < 30; n += 1) await keys.authenticate(wrong(n), '192.0.2.1')
    clock.time += 2_000
    expect(await keys.authenticate(seen.key, '192.0.2.1')).toMatchObject({ workspace: 'zeta' })
    await expect(keys.authenticate(unseen.key, '192.0.2.1')).rejects.toMatchObject(refusal)
    expect(await keys.authenticate(unseen.key)).toMatchObject({ workspace: 'zeta' })
  })
})
