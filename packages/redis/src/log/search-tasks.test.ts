import { hasWords, type TaskQuery } from '@longhaul/core'
import { expect } from 'vitest'
import { taskKeys } from '../connection/keys.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { submission, test } from '../lifecycle/turn.fixture.ts'

const text = Array.from({ length: 60 }, (_, at) => `wörd${at}`).join(' ')

test('the words of a task take at most 200 bytes of Redis, and none while search is off', async ({
  redis,
  store,
}) => {
  const off = createTaskStore(redis, { search: false })
  const bytesOf = async (id: string, on: typeof store) => {
    await on.submit(withText(id, text))
    const bytes = await redis.memory('USAGE', taskKeys(id).head)
    return { bytes: bytes ?? 0, words: await redis.hget(taskKeys(id).head, 'words') }
  }
  const without = await bytesOf(idOf(1), off)
  const found = await bytesOf(idOf(2), store)
  expect(without.words).toBeNull()
  expect(found.words).toMatch(/^word0 word1 /)
  expect(found.bytes - without.bytes).toBeLessThanOrEqual(200)
})

test('a task is found by the words of its first message and not by those of later ones', async ({
  store,
}) => {
  await store.submit(withText(idOf(1), 'refund order'))
  await store.submit(withText(idOf(2), 'cancel order'))
  await store.cancel({ taskId: idOf(1) }, { reason: 'test', graceMs: 0 })
  const next = withText(idOf(1), 'later words')
  expect(await store.submit({ ...next, requestId: 'r2', after: 1 })).toMatchObject({
    action: 'accepted',
  })
  const find = async (word: string) => {
    const query: TaskQuery = {
      workspace: 'w',
      labels: [],
      byMetadata: false,
      byWords: true,
      fits: ({ words = '' }) => hasWords(words, [word]),
    }
    const { items } = await store.list(query, { limit: 10 })
    for (const item of items) expect(item).not.toHaveProperty('words')
    return items.map(({ taskId }) => taskId)
  }
  expect(await find('refund')).toEqual([idOf(1)])
  expect(await find('order')).toEqual([idOf(2), idOf(1)])
  expect(await find('later')).toEqual([])
})

function withText(taskId: string, words: string) {
  const { started, ...rest } = submission({ taskId })
  const message = {
    messageId: 'm',
    role: 'user' as const,
    parts: [{ kind: 'text' as const, text: words }],
  }
  return { ...rest, started: { ...started, message } }
}

function idOf(at: number): string {
  return '01K0000000' + String(at).padStart(16, '0')
}
