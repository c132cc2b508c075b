import {
  type Cursor,
  type Entries,
  LonghaulError,
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

/** A store that is away at the first look, and then says this. */
function awayOnce(store: Partial<TaskStore>): TaskStore {
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

describe('whoever waits for a turn', () => {
  test('goes on waiting while the store is away', async () => {
    const view = { status: 'completed', turn: 1, result } as unknown as TaskView
    const store = awayOnce({ view: () => Promise.resolve(view) })
    expect(await waitForEnd(turn, { store, wake, ms: 5_000, signal })).toEqual(result)
  })

  test('waits no longer than it was told to, away or not', async () => {
    const store = {
      view: () => Promise.reject(new LonghaulError('unavailable', 'away')),
    } as Partial<TaskStore>
    const options = { store: store as TaskStore, wake, ms: 50, signal }
    expect(await waitForEnd(turn, options)).toBeUndefined()
  })

  test('hears of any other error', async () => {
    const store = { view: () => Promise.reject(new Error('broken')) } as Partial<TaskStore>
    const options = { store: store as TaskStore, wake, ms: 50, signal }
    await expect(waitForEnd(turn, options)).rejects.toThrow('broken')
  })
})

describe('whoever watches a turn', () => {
  const after = { pos: 0, fact: 0 }

  test('goes on watching while the store is away', async () => {
    const entry = { type: 'turn.completed', v: 1, pos: 1, at: 1, reason: 'stop', pending: [] }
    const found = { status: 'completed', turn: 1, pos: 1, entries: [entry] }
    const store = awayOnce({ read: () => Promise.resolve(found as never) })
    const seen = await all(
      watchTask('t', { read: readOfStore(store), wake, after, turn: 1, follow: false, signal }),
    )
    expect(seen).toEqual([[entry]])
  })

  test('reads on without a hint while there is more', async () => {
    const log = [entryAt(1), entryAt(2), entryAt(3), { ...entryAt(4), type: 'turn.completed' }]
    const store = {
      read: (_: string, { fact }: Cursor) => Promise.resolve(readOf(log.slice(fact, fact + 1), 4)),
    } as Partial<TaskStore>
    const read = readOfStore(store)
    const options = { read, wake, after, turn: 1, follow: false, signal }
    expect(await all(watchTask('t', options))).toEqual(log.map((entry) => [entry]))
  })

  test('hears nothing below the number that was asked for, and of the end all the same', async () => {
    const log = [entryAt(1), { ...entryAt(2), type: 'turn.failed' }]
    const store = { read: () => Promise.resolve(readOf(log, 2)) } as Partial<TaskStore>
    const read = readOfStore(store)
    const ahead = { read, wake, after: { pos: 9, fact: 0 }, signal }
    expect(await all(watchTask('t', { turn: 1, ...ahead, follow: false }))).toEqual([])
  })

  test.for([false, true])(
    'hears no more of a response that is deleted meanwhile; follow: %s',
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

  test('hears no more of a task that is gone', async () => {
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
