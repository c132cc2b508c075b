import { type Fact, itemId, limits, type TaskView } from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import type { ReadItems } from './input-item.ts'
import { loadItems } from './load-items.ts'

const taskIds = Array.from(
  { length: 40 },
  (_, at) => `01M82QZJR70EW6M8MCWTHC95${`${at}`.padStart(2, '0')}`,
)
const itemOf = (taskId: string) => {
  return { path: taskId, id: itemId('msg', { taskId, turn: 1, side: 'output', index: 0 }) }
}

/** Loads an item of each of these tasks from a store in which every task has as many bytes and facts. */
async function load(tasks: string[], { bytes = 1_000, facts = 3, size = 100, workspace = 'own' }) {
  const reserved: number[] = []
  let loading = 0
  let most = 0
  const log = Array.from({ length: facts }, () => {
    return { type: 'attempt.started', attempt: 'x'.repeat(size), epoch: 1 } as unknown as Fact
  })
  const started = { fact: 0, pos: 1, at: 1, model: 'm', messageId: '', traceId: '', spanId: '' }
  const store = {
    view: (taskId: string) =>
      Promise.resolve({ taskId, workspace: 'own', turn: 1, bytes, started } as TaskView),
    turns: () => Promise.resolve([]),
    async readableFacts(_: string, from: number, to: number) {
      const page = log.slice(from - 1, to === -1 ? undefined : to)
      loading += page.length
      most = Math.max(most, loading)
      await Promise.resolve()
      loading -= page.length
      return page
    },
  }
  const read: number[] = []
  const readItems: ReadItems = (taskId, { length }) => {
    read.push(length)
    return Promise.resolve(new Map([[itemOf(taskId).id, [{ role: 'system', text: taskId }]]]))
  }
  const ports = { store: store as never, reserve: (count: number) => void reserved.push(count) }
  const items = await loadItems(tasks.map(itemOf), { workspace, readItems }, ports)
  return { items, read, reserved, most }
}

describe('the items that a request names', () => {
  test('are loaded a few responses at once, and each has its own content', async () => {
    const { items, read, most } = await load(taskIds, {})
    expect(most).toBe(3 * limits.itemRefs.atOnce)
    // With the first fact, of which the request is left out.
    expect(new Set(read)).toEqual(new Set([4]))
    expect(items.map(({ messages: [message] }) => message)).toEqual(
      taskIds.map((text) => ({ role: 'system', text })),
    )
  })

  test('are loaded one by one and in pages where the task is large', async () => {
    const facts = 2 * limits.itemRefs.largePage + 1
    const { read, most } = await load(taskIds, { bytes: limits.itemRefs.largeTask + 1, facts })
    expect(most).toBe(limits.itemRefs.largePage)
    expect(new Set(read)).toEqual(new Set([facts + 1]))
  })

  test('count with the bytes that are loaded', async () => {
    const { reserved } = await load(taskIds, { facts: 1, size: 1_000 })
    expect(reserved).toHaveLength(taskIds.length)
    expect(reserved.every((size) => size > 1_000 && size < 1_100)).toBe(true)
  })

  test('are refused when they are too large together', async () => {
    const size = Math.ceil(limits.itemRefs.bytes / (taskIds.length - 1))
    await expect(load(taskIds, { facts: 1, size })).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringContaining(`${limits.itemRefs.bytes}`) as string,
    })
  })

  test('are unknown in another workspace', async () => {
    const [first] = taskIds
    await expect(load(taskIds, { workspace: 'other' })).rejects.toMatchObject({
      code: 'not_found',
      fields: [{ path: `${first}.id` }],
    })
  })
})
