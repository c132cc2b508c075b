import { limits } from '@longhaul/core'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { commandTime, limitRequests } from './request-time.ts'

test('a command of a request that has waited for another one has less time', async () => {
  const serve = limitRequests(async () => {
    await sleep(400)
    return commandTime()
  })
  expect(await serve()).toBeLessThanOrEqual(limits.redis.request - 400 + 1)
  expect(commandTime()).toBe(limits.redis.command)
})

test('requests that are served at once have their own times', async () => {
  const serve = limitRequests(async (ms: number) => {
    await sleep(ms)
    return commandTime()
  })
  const [late, early] = await Promise.all([serve(600), serve(0)])
  expect(early).toBeGreaterThan(late)
})
