import type { Webhook } from '@longhaul/core'
import { test as base } from '@longhaul/testbed'
import { expect } from 'vitest'
import { deliveryKeys, shardKeys, workspaceKeys } from '../connection/keys.ts'
import { createListeners } from './listeners.ts'
import { createWebhooks } from './webhooks.ts'
import { createWorkspaceEvents } from './workspace-events.ts'

const endpoint: Webhook = {
  id: 'whe_1',
  url: 'https://receiver.example/events',
  name: 'receiver',
  events: ['agent.*'],
  contentType: 'json',
  enabled: true,
  createdAt: 1,
  updatedAt: 1,
  createdBy: 'k',
  updatedBy: 'k',
}
const event = { type: 'agent.created', subject: 'a_1.0.0', at: 5, data: { id: 'a' } }

const test = base.extend('parts', ({ redis }) => {
  const listeners = createListeners(redis, { shards: 2 })
  return {
    listeners,
    webhooks: createWebhooks(redis, { shards: 2 }),
    events: createWorkspaceEvents(redis, { listeners }),
  }
})

test('an event of a workspace without an endpoint is not noted', async ({ parts, redis }) => {
  await parts.events.emit('acme', event)
  expect(await parts.events.take()).toEqual([])
  expect(await redis.keys('{lh:w:acme}:*')).toEqual([])
})

test('an event that is emitted twice is taken once, until it is done', async ({ parts, redis }) => {
  await parts.webhooks.create('acme', endpoint)
  await parts.events.emit('acme', event)
  await parts.events.emit('acme', event)
  const [taken] = await parts.events.take()
  expect(taken).toMatchObject({ workspace: 'acme', events: [{ event }] })
  // The worker dies: the event is due again later.
  await parts.events.leave('acme')
  expect(await parts.events.take()).toEqual([{ workspace: 'acme', events: [] }])
  await redis.zadd(workspaceKeys('acme').events, 'XX', 0, taken?.events[0]?.text ?? '')
  await parts.events.leave('acme')
  const [again] = await parts.events.take()
  expect(again).toEqual(taken)
  for (const one of again?.events ?? []) await parts.events.done('acme', one)
  await parts.events.leave('acme')
  expect(await parts.events.take()).toEqual([])
})

test('an event is found whose process died before it named the workspace', async ({
  parts,
  redis,
}) => {
  await parts.webhooks.create('acme', endpoint)
  await parts.events.take()
  await parts.events.emit('acme', event)
  await redis.del(deliveryKeys().noted)
  expect(await parts.events.take()).toEqual([])
  // A minute later.
  await redis.del(deliveryKeys().swept)
  expect(await parts.events.take()).toMatchObject([{ workspace: 'acme', events: [{ event }] }])
})

test('a workspace listens in every shard, also in those that are added', async ({
  parts,
  redis,
}) => {
  const flag = (shard: number) => redis.hget(shardKeys(shard).workspaceState('acme'), 'listens')
  expect(await parts.listeners.hasSome()).toBe(false)
  await parts.listeners.listen('acme')
  expect(await parts.listeners.hasSome()).toBe(true)
  expect([await flag(0), await flag(1), await flag(2)]).toEqual(['1', '1', null])
  await createListeners(redis, { shards: 3 }).spread()
  expect(await flag(2)).toBe('1')
})
