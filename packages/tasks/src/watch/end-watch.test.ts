import type { AnnouncedEnd, Result, TaskStore, TaskView, Wake } from '@longhaul/core'
import { expect, test as base } from 'vitest'
import { createEndWatch } from './end-watch.ts'
import { waitForEnd } from './wait-for-end.ts'

const turn = { taskId: 't', turn: 1 }
const signal = new AbortController().signal
const result: Result = { model: 'x/y', text: 'done', pending: [], calls: [], reason: 'stop' }

const test = base
  .extend('watchers', (): { taskId: string; woken: Parameters<Wake['watch']>[1] }[] => [])
  .extend('wake', ({ watchers }): Wake => {
    return {
      watch(taskId, woken) {
        const watcher = { taskId, woken }
        watchers.push(watcher)
        return () => void watchers.splice(watchers.indexOf(watcher), 1)
      },
    }
  })
  .extend('reads', (): string[] => [])
  .extend('store', ({ reads }) => {
    return {
      view(taskId: string) {
        reads.push(taskId)
        return Promise.resolve({ status: 'completed', turn: 1, result } as unknown as TaskView)
      },
    } as TaskStore
  })
  .extend('end', ({ watchers }) => (kind: 'end' | 'fact' | undefined, ended?: AnnouncedEnd) => {
    for (const { woken } of watchers) woken(kind, 5, ended)
  })

test('a caller whose watch began before its turn reads the task only at its end', async ({
  wake,
  store,
  reads,
  watchers,
  end,
}) => {
  const watch = createEndWatch(wake)
  watch.begin('t')
  const ended = waitForEnd(turn, { store, wake, signal, watch })
  end('fact')
  expect([watchers.length, reads]).toEqual([1, []])
  end('end')
  expect(await ended).toEqual(result)
  expect([watchers.length, reads]).toEqual([0, ['t']])
})

test.for(['end', undefined] as const)(
  'an end before the wait is not missed when the notification is %s',
  async (kind, { wake, store, end }) => {
    const watch = createEndWatch(wake)
    watch.begin('t')
    end(kind)
    expect(await waitForEnd(turn, { store, wake, signal, watch })).toEqual(result)
  },
)

test('a watch of another task does not replace the first read', async ({ wake, store, end }) => {
  const watch = createEndWatch(wake)
  watch.begin('t')
  watch.begin('other')
  end('end')
  watch.begin('another')
  expect(await waitForEnd(turn, { store, wake, signal, watch })).toEqual(result)
})

test('a result that comes with the end of the turn is not read, that of another turn is', async ({
  wake,
  store,
  reads,
  end,
}) => {
  for (const ended of [1, 2]) {
    const watch = createEndWatch(wake)
    watch.begin('t')
    const waiting = waitForEnd(turn, { store, wake, signal, watch })
    end('end', { turn: ended, result: { ...result, text: 'announced' } })
    expect((await waiting)?.text).toBe(ended === 1 ? 'announced' : 'done')
  }
  expect(reads).toEqual(['t'])
})
