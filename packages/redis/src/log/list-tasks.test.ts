import { limits, type TaskQuery, type TaskStore } from '@longhaul/core'
import { volume } from '@longhaul/testbed'
import { describe, expect } from 'vitest'
import { test } from './metered.fixture.ts'
import { job, lock, result, submission } from '../lifecycle/turn.fixture.ts'

const KB = 1024
const ids = Array.from(
  { length: volume({ short: 250, long: 1_000 }) },
  (_, at) => `01K00000000${String(at).padStart(15, '0')}`,
)
const newestFirst = ids.toReversed()
const everything: TaskQuery = { workspace: 'w', labels: [], byMetadata: false, fits: () => true }

describe('a list of tasks', () => {
  test('reads no result and no metadata of tasks that it does not return', async ({
    store,
    measuredStore,
    usual,
    large,
  }) => {
    await submitAll(store, { notesKB: 2 })
    for (const taskId of ids.slice(0, 20)) await complete(store, taskId, 100 * KB)
    const running = {
      ...everything,
      fits: ({ status }: { status: string }) => status === 'running',
    }
    expect(await measuredStore.list(running, { limit: 10 })).toEqual({ items: [], more: false })
    expect(usual.measured().all).toBeLessThan(ids.length * 500)
    expect(large.commands).toEqual([])
  })

  test('that examines metadata ends early when it has read much, and continues from there', async ({
    store,
    measuredStore,
    usual,
    large,
  }) => {
    const notesKB = 60
    await submitAll(store, { notesKB })
    const oldest = { ...everything, byMetadata: true, fits: isMarked }
    const pages = []
    let after: string | undefined
    for (let more = true; more;) {
      const before = usual.measured().all + large.measured().all
      const page = await measuredStore.list(oldest, { limit: 10, after })
      const read = usual.measured().all + large.measured().all - before
      expect(read).toBeLessThan(limits.listBytes + limits.large + 400 * KB)
      pages.push(page)
      after = page.last
      more = page.more
    }
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.flatMap(({ items }) => items.map(({ taskId }) => taskId))).toEqual([ids[0]])
    expect(usual.measured().most).toBeLessThan(2 * limits.large)
  })

  test.for([{ upwards: false }, { upwards: true }])(
    'of large results ends when it is full, and continues from there: %o',
    async ({ upwards }, { store, measuredStore, usual }) => {
      await submitAll(store, { notesKB: 0 })
      for (const taskId of ids) await complete(store, taskId, 100 * KB)
      const seen: string[] = []
      let last = upwards ? ids[0] : undefined
      for (let more = true; more;) {
        const place = upwards ? { before: last } : { after: last }
        const page = await measuredStore.list(everything, { limit: 200, ...place })
        const listed = page.items.map(({ taskId }) => taskId)
        expect(listed.length).toBeLessThan(90)
        seen.push(...(upwards ? listed.toReversed() : listed))
        last = page.last
        more = page.more
      }
      expect(seen).toEqual(upwards ? ids.slice(1) : newestFirst)
      expect(usual.measured().most).toBeLessThan(limits.large)
    },
  )
})

function isMarked({ notes: callerMetadata }: { notes: { metadata?: unknown } }): boolean {
  return JSON.stringify(callerMetadata.metadata).startsWith('{"mark"')
}

/** Submits all tasks, with metadata of some size. That of the oldest tasks is marked. */
async function submitAll(store: TaskStore, { notesKB }: { notesKB: number }): Promise<void> {
  const text = 'x'.repeat(notesKB * KB)
  await Promise.all(
    ids.map((taskId, at) => {
      const callerMetadata = { metadata: at === 0 ? { mark: text } : { text } }
      const started = { ...submission().started, ...(notesKB > 0 && { notes: callerMetadata }) }
      return store.submit(submission({ taskId, started }))
    }),
  )
}

async function complete(store: TaskStore, taskId: string, size: number): Promise<void> {
  await store.claim({ ...job, taskId }, 'a1', lock)
  await store.append({
    taskId,
    turn: 1,
    attempt: 'a1',
    ordinal: 1,
    facts: [{ type: 'turn.completed', reason: 'stop', pending: [] }],
    end: { folded: 2, status: 'completed', result: { ...result, text: 'x'.repeat(size) } },
  })
}
