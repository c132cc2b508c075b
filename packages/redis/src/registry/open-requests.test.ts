import { limits, type OpenRequest } from '@longhaul/core'
import { test } from '@longhaul/testbed'
import { expect } from 'vitest'
import { createIdempotencyKeys } from './idempotency-keys.ts'
import { createOpenRequests } from './open-requests.ts'

const requestOf = (id: string, process: string, name = 'n'): OpenRequest => ({
  workspace: 'acme',
  name,
  id,
  process,
})
const mayRepeat = { mayRepeat: true }

test('a repeat gets the id of a request whose client has no answer, once', async ({ redis }) => {
  const requests = createOpenRequests(redis)
  const first = requestOf('1', 'p1')
  expect(await requests.open(first, mayRepeat)).toEqual({ action: 'opened' })
  await requests.leave(first, { key: 'k', isAnswered: false })
  expect(await requests.open(requestOf('2', 'p2', 'other'), mayRepeat)).toEqual({
    action: 'opened',
  })
  expect(await requests.open(requestOf('3', 'p2'), { mayRepeat: false })).toEqual({
    action: 'opened',
  })
  expect(await requests.open(requestOf('4', 'p2'), mayRepeat)).toEqual({
    action: 'repeat',
    id: '1',
  })
  expect(await requests.open(requestOf('5', 'p2'), mayRepeat)).toEqual({ action: 'opened' })
})

test('it is told which other processes serve such requests, and repeats those that have stopped', async ({
  redis,
}) => {
  const requests = createOpenRequests(redis)
  await requests.open(requestOf('1', 'p1'), mayRepeat)
  await requests.open(requestOf('2', 'p2'), { mayRepeat: false })
  const third = requestOf('3', 'p3')
  const served = await requests.open(third, mayRepeat)
  expect(served.action === 'served' && served.processes.toSorted()).toEqual(['p1', 'p2'])
  const checked = { ...mayRepeat, stopped: ['p1'] }
  expect(await requests.open(third, checked)).toEqual({ action: 'repeat', id: '1' })
  // It is served by p3 now.
  expect(await requests.open(requestOf('4', 'p4'), checked)).toEqual({ action: 'opened' })
})

test('nothing is kept of a request that was answered, not even its key', async ({ redis }) => {
  const requests = createOpenRequests(redis)
  const idempotency = createIdempotencyKeys(redis)
  const first = requestOf('1', 'p1')
  await requests.open(first, mayRepeat)
  const bound = { taskId: 't', requestId: 'r', after: 0, fingerprint: 'n' }
  await idempotency.bind('acme', 'k', bound)
  // A process that has lost the request changes nothing.
  await requests.leave({ ...first, process: 'p2' }, { key: 'k', isAnswered: true })
  expect(await idempotency.find('acme', 'k')).toEqual(bound)
  await requests.leave(first, { key: 'k', isAnswered: true })
  expect(await redis.dbsize()).toBe(0)
})

test('a request and a beat expire unless they are renewed', async ({ redis }) => {
  const requests = createOpenRequests(redis)
  const first = requestOf('1', 'p1')
  await requests.open(first, mayRepeat)
  const [key = ''] = await redis.keys('*')
  await redis.pexpire(key, 1_000)
  await requests.keep(first)
  expect(await redis.pttl(key)).toBeGreaterThan(limits.openRequests.repeat / 2)
  expect(await requests.lastBeat('p1')).toBeUndefined()
  await requests.beat('p1', 7)
  expect(await requests.lastBeat('p1')).toBe('7')
  const [beatKey = ''] = await redis.keys('*apis*')
  expect(await redis.pttl(beatKey)).toBeLessThanOrEqual(limits.openRequests.silence)
})
