import {
  limits,
  type ServedEndpoint,
  type StoredWebhook,
  type Webhook,
  webhookOfUrl,
} from '@longhaul/core'
import { test } from '@longhaul/testbed'
import type { Redis } from 'ioredis'
import { expect } from 'vitest'
import { deliveryKeys } from '../connection/keys.ts'
import { createDeliveries } from './deliveries.ts'
import { createDeliveryQueue } from './delivery-queue.ts'
import { createWebhooks } from './webhooks.ts'

const served: ServedEndpoint = { workspace: 'acme', webhookId: 'whe_1' }
const endpoint: Webhook = {
  id: 'whe_1',
  url: 'https://receiver.example/events',
  name: 'receiver',
  events: ['response.*'],
  contentType: 'json',
  enabled: true,
  createdAt: 1,
  updatedAt: 1,
  createdBy: 'k',
  updatedBy: 'k',
}
const whole = { ...endpoint, revision: 1 }
const { lease } = limits.webhooks
const day = 24 * 3_600_000

/** An endpoint, its queue, and a clock. */
async function setUp(redis: Redis) {
  let now = 1_000_000
  const clock = () => now
  const queue = createDeliveryQueue(redis, { shards: 2, clock })
  const webhooks = createWebhooks(redis, { shards: 2 })
  const deliveries = createDeliveries(redis, { clock })
  expect(await webhooks.create('acme', endpoint)).toBe('created')
  const put = (id: string) => queue.put(served, { id, type: 'response.completed', body: '{}' })
  const begin = async (limit = 5) => (await queue.begin(served, limit)).begun
  const attempt = { at: now, ms: 1, status: 500 }
  return {
    queue,
    webhooks,
    deliveries,
    put,
    begin,
    attempt,
    pass: (ms: number) => {
      now += ms
    },
  }
}

test('a delivery that is put twice is one, and an attempt that is not recorded is repeated', async ({
  redis,
}) => {
  const { queue, put, begin, attempt, pass, deliveries } = await setUp(redis)
  await put('evt_1')
  await put('evt_1')
  const [first] = await begin()
  expect(first).toMatchObject({ id: 'evt_1', attempt: 1, counted: 1 })
  expect(await begin()).toEqual([])
  pass(lease)
  const [second] = await begin()
  expect(second).toMatchObject({ id: 'evt_1', attempt: 2, counted: 1 })
  // The first worker was only slow: the later attempt decides.
  if (first) await queue.record(served, first, attempt, { outcome: 'failed' }, whole)
  expect(await deliveries.get('acme', 'whe_1', 'evt_1')).toMatchObject({ status: 'pending' })
  if (second) await queue.record(served, second, attempt, { outcome: 'delivered' }, whole)
  expect(await deliveries.get('acme', 'whe_1', 'evt_1')).toMatchObject({
    status: 'delivered',
    attempts: [{ status: 500 }],
  })
  await put('evt_1')
  expect(await begin()).toEqual([])
})

test('an endpoint gets at most 20 requests in a second, and 5 more at its start', async ({
  redis,
}) => {
  const { queue, put, begin, attempt, pass } = await setUp(redis)
  for (let at = 0; at < 300; at += 1) await put(`evt_${at}`)
  let sent = 0
  for (let ms = 0; ms < 5_000; ms += 10) {
    for (const one of await begin()) {
      sent += 1
      await queue.record(served, one, attempt, { outcome: 'delivered' }, whole)
    }
    pass(10)
    expect(sent).toBeLessThanOrEqual(5 + (20 * (ms + 10)) / 1_000)
  }
  expect(sent).toBeGreaterThanOrEqual(100)
})

test('one worker serves an endpoint, and another one when that is silent', async ({ redis }) => {
  const { queue, put, pass } = await setUp(redis)
  await put('evt_1')
  expect(await queue.take('a', lease)).toEqual(served)
  expect(await queue.take('b', lease)).toBeUndefined()
  const mark = (await queue.hold(served, 'a', lease)) ?? ''
  expect(mark).not.toBe('')
  await put('evt_2')
  // Something was put since the mark was read.
  expect(await queue.leave(served, 'a', { mark, nextMs: undefined })).toBe(false)
  expect(await queue.take('b', lease)).toBeUndefined()
  pass(lease)
  expect(await queue.take('b', lease)).toEqual(served)
  expect(await queue.hold(served, 'a', lease)).toBeUndefined()
  const seen = (await queue.hold(served, 'b', lease)) ?? ''
  expect(await queue.leave(served, 'b', { mark: seen, nextMs: 5_000 })).toBe(true)
  expect(await queue.take('a', lease)).toBeUndefined()
  expect(await queue.offerDue()).toBe(5_000)
  pass(5_000)
  expect(await queue.take('a', lease)).toEqual(served)
})

test('an endpoint is disabled after five days of failures, or at once when it is gone', async ({
  redis,
}) => {
  const { queue, put, begin, attempt, pass, webhooks, deliveries } = await setUp(redis)
  const retry = { outcome: 'retry', afterMs: day } as const
  await put('evt_1')
  for (let days = 0; days < 5; days += 1) {
    const [one] = await begin()
    if (one) expect(await queue.record(served, one, attempt, retry, whole)).toBeUndefined()
    pass(day)
  }
  const [last] = await begin()
  if (last) expect(await queue.record(served, last, attempt, retry, whole)).toBe('failing')
  pass(day)
  expect(await begin()).toEqual([])
  const stored = await webhooks.get('acme', 'whe_1')
  expect(stored).toMatchObject({ disabled: 'failing', failures: 6, revision: 1 })
  expect(await deliveries.redeliver('acme', 'whe_1', 'evt_1')).toBe('disabled')
  const { revision, failures, disabled, ...definition }: StoredWebhook = stored ?? {
    ...endpoint,
    revision: 0,
    failures: 0,
  }
  const change = { revision, enables: true }
  expect(await webhooks.update('acme', { ...definition, name: 'b' }, change)).toBe('updated')
  expect(await webhooks.update('acme', { ...definition, name: 'c' }, change)).toBe('changed')
  expect([failures, disabled]).toEqual([6, 'failing'])
  const [again] = await begin()
  if (again)
    expect(await queue.record(served, again, attempt, { outcome: 'gone' }, whole)).toBe('gone')
  expect(again).toBeDefined()
})

test('an address that a request names is enabled again by the next request', async ({ redis }) => {
  const { queue, attempt } = await setUp(redis)
  const named = webhookOfUrl('https://other.example/', 1)
  const to = { workspace: 'acme', webhookId: named.id }
  for (const id of ['evt_1', 'evt_2']) {
    await queue.put(to, { id, type: 'response.completed', body: '{}' }, named)
    const [one] = (await queue.begin(to, 5)).begun
    expect(one).toMatchObject({ id })
    if (one === undefined) continue
    const webhook = { ...named, revision: 1 }
    expect(await queue.record(to, one, attempt, { outcome: 'gone' }, webhook)).toBe('gone')
  }
})

test('a success begins the five days again', async ({ redis }) => {
  const { queue, put, begin, attempt, pass, webhooks } = await setUp(redis)
  for (let days = 0; days < 12; days += 1) {
    await put(`evt_${days}`)
    for (const one of await begin()) {
      const outcome = days % 4 === 3 ? 'delivered' : 'failed'
      expect(await queue.record(served, one, attempt, { outcome }, whole)).toBeUndefined()
    }
    pass(day)
  }
  expect(await webhooks.get('acme', 'whe_1')).toMatchObject({ failures: 0 })
})

test('failed deliveries are recovered, each with all its attempts, and paced', async ({
  redis,
}) => {
  const { queue, put, begin, attempt, pass, deliveries } = await setUp(redis)
  for (let at = 0; at < 6; at += 1) {
    await put(`evt_${at}`)
    for (const one of await begin()) {
      await queue.record(served, one, attempt, { outcome: at < 4 ? 'failed' : 'delivered' }, whole)
    }
    pass(1_000)
  }
  const failed = await deliveries.list('acme', 'whe_1', { status: 'failed', limit: 3 })
  expect([failed.items.map(({ id }) => id), failed.more]).toEqual([
    ['evt_3', 'evt_2', 'evt_1'],
    true,
  ])
  const rest = await deliveries.list('acme', 'whe_1', {
    status: 'failed',
    limit: 3,
    after: 'evt_1',
  })
  expect(rest).toMatchObject({ items: [{ id: 'evt_0' }], more: false })
  const range = { since: 1_000_000 + 1_000, until: 1_000_000 + 60_000 }
  expect(await deliveries.recover('acme', 'whe_1', range)).toBe(3)
  expect(await deliveries.recover('acme', 'whe_1', range)).toBe(0)
  const [first, ...others] = await begin()
  expect([first, others]).toMatchObject([{ id: 'evt_1', attempt: 2, counted: 1 }, []])
  pass(1_000)
  expect((await begin()).map(({ id }) => id)).toEqual(['evt_2', 'evt_3'])
})

test('a recovery that was cut off is completed by its repetition', async ({ redis }) => {
  const { queue, put, begin, attempt, deliveries } = await setUp(redis)
  await put('evt_1')
  for (const one of await begin()) {
    await queue.record(served, one, attempt, { outcome: 'failed' }, whole)
  }
  const range = { since: 0, until: Infinity }
  expect(await deliveries.recover('acme', 'whe_1', range)).toBe(1)
  // The process has died before it made the endpoint due.
  await redis.del(deliveryKeys().dueEndpoints)
  expect(await deliveries.recover('acme', 'whe_1', range)).toBe(0)
  expect(await queue.take('a', lease)).toEqual(served)
})

test('an endpoint that was lost from the order is found again', async ({ redis }) => {
  const { queue, put } = await setUp(redis)
  const { dueEndpoints, sweptEndpoints } = deliveryKeys()
  await put('evt_1')
  await redis.del(dueEndpoints)
  expect(await queue.take('a', lease)).toBeUndefined()
  await queue.findLost()
  expect(await queue.take('a', lease)).toEqual(served)
  // It is served, or due later: nothing is lost.
  await redis.del(sweptEndpoints)
  await queue.findLost()
  const mark = (await queue.hold(served, 'a', lease)) ?? ''
  expect(await queue.leave(served, 'a', { mark, nextMs: 60_000 })).toBe(true)
  await redis.del(sweptEndpoints)
  await queue.findLost()
  expect(await queue.take('a', lease)).toBeUndefined()
})

test('an endpoint that was removed takes its deliveries along', async ({ redis }) => {
  const { queue, put, begin, webhooks, deliveries } = await setUp(redis)
  await put('evt_1')
  expect(await webhooks.remove('acme', 'whe_1')).toBe(true)
  expect(await webhooks.remove('acme', 'whe_1')).toBe(false)
  await put('evt_2')
  expect(await begin()).toEqual([])
  expect(await deliveries.list('acme', 'whe_1', { limit: 10 })).toEqual({ items: [], more: false })
  const left = await redis.keys('{lh:w:acme}:*')
  expect(left).toEqual([])
  expect(await queue.begin(served, 5)).toMatchObject({ begun: [], nextMs: undefined })
})

test('every key of a workspace, and of the queue, is in one slot', async ({ redis }) => {
  const { queue, put, begin } = await setUp(redis)
  await put('evt_1')
  await queue.take('a', lease)
  await begin()
  const tags = (await redis.keys('*')).map((key) => /^\{[^}]+\}/.exec(key)?.[0])
  expect(new Set(tags)).toEqual(new Set(['{lh:w:acme}', '{lh:webhooks}', '{lh:s0}', '{lh:s1}']))
})
