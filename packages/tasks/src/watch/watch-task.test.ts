import {
  type Cursor,
  type Entries,
  LonghaulError,
  type NotificationKind,
  type TaskStore,
  type TaskView,
  type Wake,
} from '@longhaul/core'
import { describe, expect, test } from 'vitest'
import { waitForEnd } from './wait-for-end.ts'
import { watchTask } from './watch-task.ts'

const turn = { taskId: 't', turn: 1 }
const wake: Wake = { watch: () => () => {} }
const signal = new AbortController().signal
const result = { model: 'x/y', text: 'done', pending: [], calls: [], reason: 'stop' } as const

/** A store that is unavailable at the first read, and then behaves as given. */
function unavailableOnce(store: Partial<TaskStore>): TaskStore {
  let looks = 0
  const answer = <T>(value: T): Promise<T> => {
    looks += 1
    if (looks === 1) throw new LonghaulError('unavailable', 'away')
    return Promise.resolve(value)
  }
  return {
    view: async (id: string) => answer(await store.view?.(id)),
    read: async (id: string, cursor: never) => answer(await store.read?.(id, cursor)),
  } as TaskStore
}

describe('a caller that waits for a turn', () => {
  test('continues to wait while the store is unavailable', async () => {
    const view = { status: 'completed', turn: 1, result } as unknown as TaskView
    const store = unavailableOnce({ view: () => Promise.resolve(view) })
    expect(await waitForEnd(turn, { store, wake, ms: 5_000, signal })).toEqual(result)
  })

  test('waits no longer than its limit, also while the store is unavailable', async () => {
    const store = {
      view: () => Promise.reject(new LonghaulError('unavailable', 'away')),
    } as Partial<TaskStore>
    const options = { store: store as TaskStore, wake, ms: 50, signal }
    expect(await waitForEnd(turn, options)).toBeUndefined()
  })

  test('receives any other error', async () => {
    const store = { view: () => Promise.reject(new Error('broken')) } as Partial<TaskStore>
    const options = { store: store as TaskStore, wake, ms: 50, signal }
    await expect(waitForEnd(turn, options)).rejects.toThrow('broken')
  })
})

describe('a watcher of a turn', () => {
  const after = { pos: 0, fact: 0 }

  test('continues to watch while the store is unavailable', async () => {
    const entry = { type: 'turn.completed', v: 1, pos: 1, at: 1, reason: 'stop', pending: [] }
    const found = { status: 'completed', turn: 1, pos: 1, entries: [entry] }
    const store = unavailableOnce({ read: () => Promise.resolve(found as never) })
    const seen = await all(
      watchTask('t', { read: readOfStore(store), wake, after, turn: 1, follow: false, signal }),
    )
    expect(seen).toEqual([[entry]])
  })

  test('reads the next page without a notification while there is more', async () => {
    const log = [entryAt(1), entryAt(2), entryAt(3), { ...entryAt(4), type: 'turn.completed' }]
    const store = {
      read: (_: string, { fact }: Cursor) => Promise.resolve(readOf(log.slice(fact, fact + 1), 4)),
    } as Partial<TaskStore>
    const read = readOfStore(store)
    const options = { read, wake, after, turn: 1, follow: false, signal }
    expect(await all(watchTask('t', options))).toEqual(log.map((entry) => [entry]))
  })

  test.for<[string, [NotificationKind, number][], number | undefined]>([
    [
      'only deltas',
      [
        ['delta', 2],
        ['delta', 3],
      ],
      3,
    ],
    [
      'a fact and then a delta',
      [
        ['fact', 2],
        ['delta', 3],
      ],
      undefined,
    ],
    [
      'a delta and then a fact',
      [
        ['delta', 2],
        ['fact', 3],
      ],
      undefined,
    ],
  ])('reads deltas alone if these were added: %s', async ([, added, expected]) => {
    const watchers: Parameters<Wake['watch']>[1][] = []
    const notified: Wake = {
      watch(taskId, woken) {
        watchers.push(woken)
        return wake.watch(taskId, woken)
      },
    }
    const asked: (number | undefined)[] = []
    const read: TaskStore['read'] = (_, { pos }, deltasTo) => {
      asked.push(deltasTo)
      const entry = pos === 0 ? entryAt(1) : { ...entryAt(3), type: 'turn.completed' }
      return Promise.resolve(readOf([entry], entry.pos))
    }
    const options = { read, wake: notified, after, turn: 1, follow: false, signal }
    for await (const [entry] of watchTask('t', options)) {
      if (entry?.pos === 1) for (const [kind, pos] of added) watchers[0]?.(kind, pos)
    }
    expect(asked).toEqual([undefined, expected])
  })

  test('receives nothing below the requested number, but still the end', async () => {
    const log = [entryAt(1), { ...entryAt(2), type: 'turn.failed' }]
    const store = { read: () => Promise.resolve(readOf(log, 2)) } as Partial<TaskStore>
    const read = readOfStore(store)
    const ahead = { read, wake, after: { pos: 9, fact: 0 }, signal }
    expect(await all(watchTask('t', { turn: 1, ...ahead, follow: false }))).toEqual([])
  })

  test.for([false, true])(
    'receives nothing more of a response that is deleted meanwhile; follow: %s',
    async (follow) => {
      const started = (number: number, pos: number) => ({
        ...entryAt(pos),
        type: 'turn.started',
        turn: number,
      })
      const first = [started(1, 1), entryAt(2)]
      const rest = [entryAt(3), { ...entryAt(4), type: 'turn.failed' }, started(2, 5), entryAt(6)]
      const end = { ...entryAt(7), type: 'turn.completed' }
      const pages = [readOf(first, 7), { ...readOf([...rest, end], 8), hidden: [1] }, undefined]
      const store = { read: () => Promise.resolve(pages.shift()) } as Partial<TaskStore>
      const options = { read: readOfStore(store), wake, after, turn: 1, follow, signal }
      const next = follow ? [[...rest.slice(2), end]] : []
      expect(await all(watchTask('t', options))).toEqual([first, ...next])
    },
  )

  test('receives nothing more of a task that is gone', async () => {
    const store = { read: () => Promise.resolve(undefined) } as Partial<TaskStore>
    const read = readOfStore(store)
    const options = { read, wake, after, turn: 1, follow: false, signal }
    expect(await all(watchTask('t', options))).toEqual([])
  })
})

function readOfStore(store: Partial<TaskStore>): TaskStore['read'] {
  return (taskId, cursor) => (store as TaskStore).read(taskId, cursor)
}

function entryAt(pos: number) {
  return { type: 'cancel.requested', v: 1, pos, at: 1, reason: '' }
}

function readOf(entries: object[], pos: number): Entries {
  return { status: 'running', turn: 1, pos, entries: entries as Entries['entries'] }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
