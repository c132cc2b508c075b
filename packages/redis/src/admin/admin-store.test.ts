import { type EntryCursor, type EntryQuery, taskIdInShard } from '@longhaul/core'
import { expect } from 'vitest'
import { createAdminStore } from './admin-store.ts'
import {
  completed,
  day,
  job,
  lock,
  result,
  submission,
  test as base,
} from '../lifecycle/turn.fixture.ts'

const test = base
  .extend('adminStore', ({ redis, time }) =>
    createAdminStore(redis, { shards: 2, clock: () => time.now }),
  )
  /** Submits a task, to shard 0 or 1 in turn, and makes it fail at once unless it is to stay live. */
  .extend('make', ({ store, time }) => {
    let made = 0
    return async (part: { workspace?: string; code?: string; live?: boolean } = {}) => {
      made += 1
      const taskId = taskIdInShard(`01K${String(made).padStart(7, '0')}${'0'.repeat(16)}`, made % 2)
      const { workspace = 'w', code = 'provider_failed', live = false } = part
      await store.submit(submission({ taskId, workspace }))
      if (live) return taskId
      const attempt = { taskId, turn: 1, attempt: `a${made}` }
      await store.claim({ ...job, taskId }, attempt.attempt, lock)
      const failure = { code: code as 'deadline', message: 'x'.repeat(20_000), status: 502 }
      const failed = { ...result, failure }
      await store.append({
        ...attempt,
        ordinal: 1,
        facts: [{ type: 'turn.failed', ...failure }],
        end: { folded: 2, status: 'failed', result: failed },
      })
      time.now += 1_000
      return taskId
    }
  })
  .extend('pages', ({ adminStore }) => async (query: EntryQuery, limit: number) => {
    const pages: string[][] = []
    let after: EntryCursor | undefined
    do {
      const page = await adminStore.list(query, { limit, after })
      pages.push(page.items.map(({ taskId }) => taskId))
      after = page.next
    } while (after !== undefined)
    return pages
  })

test('failed tasks of every shard and workspace are listed from the oldest to the newest, page by page', async ({
  make,
  pages,
  adminStore,
}) => {
  const ids = [await make(), await make({ workspace: 'v' }), await make(), await make()]
  expect(await pages({ status: 'failed' }, 3)).toEqual([ids.slice(0, 3), ids.slice(3)])
  expect(await pages({ status: 'failed' }, 4)).toEqual([ids])
  expect(await pages({ status: 'failed', workspace: 'v' }, 4)).toEqual([[ids[1]]])
  const { items } = await adminStore.list({ status: 'failed' }, { limit: 1 })
  expect(items).toEqual([
    {
      taskId: ids[0],
      workspace: 'w',
      agentId: 'A',
      status: 'failed',
      turn: 1,
      submittedAt: 1_000_000,
      endedAt: 1_000_000,
      failure: { code: 'provider_failed', message: 'x'.repeat(20_000) },
      attempts: 1,
      deaths: 0,
    },
  ])
})

test('they are found by error, and by age', async ({ make, pages }) => {
  const ids = [await make(), await make({ code: 'deadline' }), await make({ code: 'deadline' })]
  expect(await pages({ status: 'failed', error: 'deadline' }, 9)).toEqual([ids.slice(1)])
  expect(await pages({ status: 'failed', olderThanMs: 2_000 }, 9)).toEqual([ids.slice(0, 2)])
  expect(await pages({ status: 'failed', error: 'deadline', olderThanMs: 2_000 }, 9)).toEqual([
    [ids[1]],
  ])
})

test('more tasks than one read returns, all of one time, are listed page by page, too', async ({
  make,
  pages,
  time,
}) => {
  const made: string[] = []
  for (let left = 450; left > 0; left -= 1) {
    made.push(await make())
    time.now -= 1_000
  }
  const found = await pages({ status: 'failed' }, 100)
  expect(found.map(({ length }) => length)).toEqual([100, 100, 100, 100, 50])
  expect(found.flat()).toEqual(made.toSorted())
  expect(await pages({ status: 'failed', error: 'deadline' }, 100)).toEqual([[]])
})

test('live tasks are listed by their status and the time since they wait', async ({
  make,
  pages,
  store,
  time,
}) => {
  const waits = await make({ live: true })
  time.now += 5_000
  const runs = await make({ live: true })
  await store.claim({ ...job, taskId: runs }, 'a', lock)
  expect(await pages({ status: 'queued' }, 9)).toEqual([[waits]])
  expect(await pages({ status: 'running' }, 9)).toEqual([[runs]])
  expect(await pages({ status: 'queued', olderThanMs: 5_000 }, 9)).toEqual([[waits]])
  expect(await pages({ status: 'queued', olderThanMs: 5_001 }, 9)).toEqual([[]])
  await store.cancel({ taskId: waits }, { reason: 'why', graceMs: 0 })
  expect(await pages({ status: 'queued' }, 9)).toEqual([[]])
  expect(await pages({ status: 'cancelled', olderThanMs: 0 }, 9)).toEqual([[waits]])
  expect(await pages({ status: 'cancelled', olderThanMs: 1 }, 9)).toEqual([[]])
})

test('parked turns are counted, and listed', async ({ make, pages, store, adminStore }) => {
  const [waits, parks] = [await make({ live: true }), await make({ live: true })]
  const attempt = { taskId: parks, turn: 1, attempt: 'a' }
  await store.claim(attempt, 'a', lock)
  const until = 9e12
  await store.append({
    ...attempt,
    ordinal: 1,
    facts: [{ type: 'turn.parked', until }],
    park: { folded: 2, until },
  })
  const counts = await Promise.all([0, 1].map((shard) => adminStore.counts(shard)))
  const sum = (name: 'queued' | 'running' | 'parked') =>
    counts.reduce((all, each) => all + each[name], 0)
  expect([sum('queued'), sum('running'), sum('parked')]).toEqual([1, 0, 1])
  expect(await pages({ status: 'parked' }, 9)).toEqual([[parks]])
  expect(await pages({ status: 'queued' }, 9)).toEqual([[waits]])
})

test('a task that continues, or is purged, no longer counts as failed', async ({
  make,
  pages,
  store,
  maintenanceStore,
  time,
}) => {
  const [goesOn, forgotten, expired] = [await make(), await make(), await make()]
  await store.submit(submission({ taskId: goesOn, requestId: 'r2', after: 1 }))
  await store.purge(forgotten)
  expect(await pages({ status: 'failed' }, 9)).toEqual([[expired]])
  const attempt = { taskId: goesOn, turn: 2, attempt: 'b' }
  await store.claim(attempt, 'b', lock)
  const end = { folded: 5, status: 'completed', result } as const
  expect((await store.append({ ...attempt, ordinal: 1, facts: [completed], end })).outcome).toBe(
    'ok',
  )
  expect(await pages({ status: 'completed' }, 9)).toEqual([[goesOn]])
  time.now += 31 * day
  await maintenanceStore.purgeDue(0, 9)
  await maintenanceStore.purgeDue(1, 9)
  expect(await pages({ status: 'failed' }, 9)).toEqual([[]])
  expect(await pages({ status: 'completed' }, 9)).toEqual([[]])
})

test('failed turns are redriven one after the other, at a rate, and later ones after them', async ({
  adminStore,
  time,
  make,
}) => {
  const tasks = [await make(), await make(), await make(), await make()]
  const turns = tasks.map((taskId) => ({ taskId, turn: 1 }))
  const begun = time.now
  const first = await adminStore.redriveLater(turns.slice(0, 3), 2)
  expect(first).toEqual({ added: 3, until: begun + 2_500 })
  expect(await adminStore.redriveLater(turns, 10)).toEqual({ added: 1, until: begun + 2_900 })

  const take = async () => {
    const taken = await Promise.all(
      [0, 1].map((shard) => adminStore.takeRedrives(shard, 30_000, 9)),
    )
    const nexts = taken.map(({ nextMs }) => nextMs ?? Infinity)
    return { turns: taken.flatMap((each) => each.turns), nextMs: Math.min(...nexts) }
  }
  expect(await take()).toEqual({ turns: [], nextMs: 1_500 })
  time.now = begun + 1_500
  expect(await take()).toEqual({ turns: [turns[0]], nextMs: 500 })
  time.now = begun + 2_500
  expect((await take()).turns).toEqual(expect.arrayContaining([turns[1], turns[2]]))
  await adminStore.redriveDone({ taskId: tasks[1] ?? '', turn: 1 })
  await adminStore.redriveDone({ taskId: tasks[2] ?? '', turn: 1 })
  time.now = begun + 2_900
  expect((await take()).turns).toEqual([turns[3]])
  await adminStore.redriveDone({ taskId: tasks[3] ?? '', turn: 1 })
  // The process that took the first one has died.
  time.now = begun + 31_500
  expect((await take()).turns).toEqual([turns[0]])
})

test('an abandoned redrive is not due again, and its task states why until it has another turn', async ({
  adminStore,
  store,
  time,
  make,
}) => {
  const taskId = await make()
  const turn = { taskId, turn: 1 }
  await adminStore.redriveLater([turn], 1)
  await adminStore.redriveFailed(turn, 'its plan is gone')
  time.now += day
  const taken = await Promise.all([0, 1].map((shard) => adminStore.takeRedrives(shard, 30_000, 9)))
  expect(taken).toEqual([{ turns: [] }, { turns: [] }])
  const entry = async (status: 'failed' | 'queued') =>
    (await adminStore.list({ status }, { limit: 1 })).items[0]
  expect(await entry('failed')).toMatchObject({ redriveFailure: 'its plan is gone' })

  await store.submit(submission({ taskId, requestId: 'r2', after: 1 }))
  expect(await entry('queued')).not.toHaveProperty('redriveFailure')
  await adminStore.redriveFailed(turn, 'late')
  expect(await entry('queued')).not.toHaveProperty('redriveFailure')
})
