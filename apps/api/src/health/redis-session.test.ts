import { LonghaulError } from '@longhaul/core'
import { test } from '@longhaul/testbed'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { expect, onTestFinished } from 'vitest'
import { openRedisSession } from './redis-session.ts'

const full = new LonghaulError('unavailable', 'Full.', { reason: 'store_full' })

test('readiness is checked at each call, and requests are admitted as soon as Redis is prepared', async ({
  redisUrl,
}) => {
  const [redis, bulk] = [new Redis(redisUrl), new Redis(redisUrl)]
  onTestFinished(() => [redis, bulk].forEach((each) => each.disconnect()))
  const state = { lost: false, trouble: undefined as LonghaulError | undefined, fails: false }
  const beginning = Promise.withResolvers<void>()
  const session = openRedisSession({
    redis,
    otherClients: [bulk],
    async begin() {
      await beginning.promise
      if (state.fails) throw full
    },
    isLost: () => Promise.resolve(state.lost),
    trouble: () => Promise.resolve(state.trouble),
    onFailure: () => {},
  })
  const code = async () => {
    const found = await session.whyNotReady()
    return found && (found.reason ?? found.code)
  }
  expect(await code()).toBe('unavailable')
  expect(() => session.throwIfClosed()).toThrow(/ Nothing was done: send the request again\.$/)
  beginning.resolve()
  await expect.poll(code).toBeUndefined()
  expect(() => session.throwIfClosed()).not.toThrow()

  state.trouble = full
  expect(await code()).toBe('store_full')
  // Requests that only read are served.
  expect(() => session.throwIfClosed()).not.toThrow()
  state.trouble = undefined
  expect(await code()).toBeUndefined()

  state.lost = true
  expect(await code()).toBe('unavailable')
  state.fails = true
  await expect.poll(code).toBe('store_full')
  expect(() => session.throwIfClosed()).toThrow(expect.objectContaining({ reason: 'store_full' }))
  Object.assign(state, { lost: false, fails: false })
  await expect.poll(code).toBeUndefined()

  bulk.disconnect()
  await once(bulk, 'end')
  expect(await code()).toBe('unavailable')
})
