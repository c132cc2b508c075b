import { LonghaulError } from '@longhaul/core'
import { createAdminStore } from '@longhaul/redis'
import { createLimits } from '@longhaul/tasks'
import { test as base } from '@longhaul/testbed'
import { describe, expect } from 'vitest'

const shards = 4

const test = base
  .extend('clock', () => ({ now: 1_000 }))
  .extend('adminStore', ({ redis }) => createAdminStore(redis, { shards }))
  .extend('limits', ({ adminStore, clock }) => {
    const defaultLimits = { running: 9, weight: 2 }
    return createLimits({ adminStore, shards, defaultLimits, now: () => clock.now })
  })

const inEachShard = Array.from({ length: shards }, (_, shard) => shard)

describe('a change of limits', () => {
  test('reaches every shard, and the reply has all limits that hold', async ({
    limits,
    adminStore,
  }) => {
    const view = await limits.change('w', { running: 8, burst: 3, paused: null })
    expect(view).toMatchObject({
      limits: { queued: 100_000, streams: 1_000, weight: 2, running: 8, burst: 3 },
      overrides: { running: 8, burst: 3 },
      use: { queued: 0, running: 0, parked: 0, tasks: 0, bytes: 0 },
    })
    for (const shard of inEachShard) {
      expect(await adminStore.limitsOf(shard, 'w')).toEqual({
        overrides: { running: 8, burst: 3 },
        revision: 1,
      })
    }
    expect((await limits.read('other')).overrides).toEqual({})
  })

  test('is not lost when others are made at the same time', async ({ limits, adminStore }) => {
    const names = ['burst', 'queued', 'running', 'tasks', 'bytes', 'streams'] as const
    const changes = names.map(async (name, at) => {
      for (;;) {
        try {
          return await limits.change('w', { [name]: at + 1 })
        } catch (error) {
          // The caller is told to send it again.
          if (!(error instanceof LonghaulError) || error.code !== 'conflict') throw error
        }
      }
    })
    await Promise.all(changes)
    const all = { burst: 1, queued: 2, running: 3, tasks: 4, bytes: 5, streams: 6 }
    for (const shard of inEachShard)
      expect(await adminStore.limitsOf(shard, 'w')).toEqual({ overrides: all, revision: 6 })
  })

  test('that would leave more entries than are permitted is refused, and changes nothing', async ({
    limits,
  }) => {
    await limits.change('w', { models: many(0) })
    await expect(limits.change('w', { models: many(60) })).rejects.toMatchObject({
      code: 'invalid',
      fields: [{ path: 'models', message: 'must have at most 100 entries' }],
    })
    expect(Object.keys((await limits.read('w')).limits.models ?? {})).toHaveLength(60)
  })
})

describe('a shard that is behind', () => {
  test('gets the limits at the next read: it is new, or a change has not reached it', async ({
    limits,
    adminStore,
  }) => {
    await adminStore.setLimits(0, 'w', { running: 4 }, 3)
    await adminStore.setLimits(2, 'w', { running: 1 }, 2)
    expect(await limits.effective('w')).toMatchObject({ running: 4 })
    for (const shard of inEachShard) {
      expect(await adminStore.limitsOf(shard, 'w')).toEqual({
        overrides: { running: 4 },
        revision: 3,
      })
    }
  })
})

test('the limits that hold are known for a second, and at once after a change of this process', async ({
  limits,
  adminStore,
  clock,
}) => {
  expect((await limits.effective('w')).running).toBe(9)
  await adminStore.setLimits(0, 'w', { running: 1 })
  expect((await limits.effective('w')).running).toBe(9)
  clock.now += 1_001
  expect((await limits.effective('w')).running).toBe(1)
  await limits.change('w', { running: 2 })
  expect((await limits.effective('w')).running).toBe(2)
})

/** Rates of 60 models. */
function many(from: number) {
  return Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`a/m${from + at}`, { requests_per_minute: 1 }]),
  )
}
