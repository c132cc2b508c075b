import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@longhaul/testbed'
import { expect } from 'vitest'
import { createConversations } from './conversations.ts'

const [one, two] = [{ taskId: 'T1' }, { taskId: 'T2', copies: 'T1' }]

test('a free conversation is bound by the first caller, in its workspace', async ({ redis }) => {
  const conversations = createConversations(redis)
  const bind = (to: typeof one) =>
    conversations.bind('acme', 'talk', to, { seen: undefined, ms: 1_000 })
  expect(await Promise.all([bind(one), bind(two)])).toEqual([one, one])
  expect(await conversations.find('acme', 'talk')).toEqual(one)
  expect(await conversations.find('acme', 'other')).toBeUndefined()
  expect(await conversations.find('other', 'talk')).toBeUndefined()
})

test('it is bound again only by a caller that has seen its binding', async ({ redis }) => {
  const conversations = createConversations(redis)
  await conversations.bind('acme', 'talk', one, { seen: undefined, ms: 1_000 })
  expect(await conversations.bind('acme', 'talk', two, { seen: two, ms: 1_000 })).toEqual(one)
  expect(await conversations.bind('acme', 'talk', two, { seen: one, ms: 1_000 })).toEqual(two)
  expect(await conversations.bind('acme', 'talk', two, { seen: one, ms: 1_000 })).toEqual(two)
  expect(await conversations.bind('acme', 'talk', one, { seen: one, ms: 1_000 })).toEqual(two)
  expect(await conversations.find('acme', 'talk')).toEqual(two)
})

test('it is kept for the time of its last binding', async ({ redis }) => {
  const conversations = createConversations(redis)
  await conversations.bind('acme', 'talk', one, { seen: undefined, ms: 1_000 })
  await conversations.bind('acme', 'talk', one, { seen: one, ms: 500_000 })
  const [key = ''] = await redis.keys('*:conversation:*')
  expect(await redis.pttl(key)).toBeGreaterThan(400_000)
})

test('a workspace has a limit of conversations, and continues existing ones', async ({ redis }) => {
  const conversations = createConversations(redis, { conversations: 2 })
  await conversations.bind('acme', 'a', one, { seen: undefined, ms: 50 })
  await conversations.bind('acme', 'b', one, { seen: undefined, ms: 50_000 })
  const more = () => conversations.bind('acme', 'c', two, { seen: undefined, ms: 50_000 })
  await expect(more()).rejects.toMatchObject({
    code: 'rate_limited',
    details: { violated_policies: ['conversations'] },
  })
  expect(await conversations.find('acme', 'c')).toBeUndefined()
  expect(await conversations.bind('acme', 'b', two, { seen: one, ms: 50_000 })).toEqual(two)
  expect(await conversations.bind('other', 'c', two, { seen: undefined, ms: 50_000 })).toEqual(two)
  await expect.poll(() => more().catch(() => 'full')).toEqual(two)
})

test('a conversation counts for the time of its last binding', async ({ redis }) => {
  const conversations = createConversations(redis, { conversations: 1 })
  await conversations.bind('acme', 'a', one, { seen: undefined, ms: 50 })
  await conversations.bind('acme', 'a', one, { seen: one, ms: 50_000 })
  await sleep(60)
  const more = conversations.bind('acme', 'b', one, { seen: undefined, ms: 50_000 })
  await expect(more).rejects.toMatchObject({ code: 'rate_limited' })
})

test('a conversation that has expired since it was seen is bound again', async ({ redis }) => {
  const conversations = createConversations(redis)
  expect(await conversations.bind('acme', 'a', two, { seen: one, ms: 50_000 })).toEqual(two)
})
