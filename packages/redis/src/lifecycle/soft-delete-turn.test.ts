import type { TaskStore } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import { taskKeys } from '../connection/keys.ts'
import { runScript } from '../lua/run-script.ts'
import { softDeleteScript } from '../lua/task/soft-delete.ts'
import { completed, job, lock, result, submission, taskId, test } from './turn.fixture.ts'

describe('a turn', () => {
  test('is soft-deleted once it has ended, idempotently', async ({ store }) => {
    await runTurn(store, 1)
    await runTurn(store, 2)
    expect(await store.softDelete({ taskId, turn: 1 })).toBe('hidden')
    expect(await store.softDelete({ taskId, turn: 1 })).toBe('hidden')
    expect(await store.view(taskId)).toMatchObject({ turn: 2, hidden: [1] })
    expect(await store.softDelete({ taskId, turn: 3 })).toBe('not_found')
    expect(await store.softDelete({ taskId, turn: 0 })).toBe('not_found')
    // The other turn is not hidden, nor one with the same first digit.
    await store.submit(submission({ requestId: 'r3', after: 2 }))
    expect(await store.view(taskId)).toMatchObject({ turn: 3, hidden: [1] })
  })

  test('that runs is not soft-deleted', async ({ store }) => {
    await store.submit(submission())
    expect(await store.softDelete({ taskId, turn: 1 })).toBe('live')
    expect((await store.view(taskId))?.hidden).toBeUndefined()
  })

  test('is purged with its task when it is the last one', async ({ store, redis }) => {
    await runTurn(store, 1)
    await runTurn(store, 2)
    expect(await store.softDelete({ taskId, turn: 2 })).toBe('hidden')
    expect(await store.view(taskId)).toBeDefined()
    expect(await store.softDelete({ taskId, turn: 1 })).toBe('hidden')
    expect(await store.view(taskId)).toBeUndefined()
    expect(await redis.keys('*:by-agent:*')).toEqual([])
    expect(await store.softDelete({ taskId, turn: 1 })).toBe('not_found')
  })

  test('is purged with its task even when the process dies meanwhile', async ({
    store,
    maintenanceStore,
    redis,
    time,
  }) => {
    await runTurn(store, 1)
    await hideAndDie(redis, time.now)
    expect(await store.view(taskId)).toBeDefined()
    expect(await maintenanceStore.purgeDue(0, 10)).toMatchObject({ purged: 1 })
    expect(await store.view(taskId)).toBeUndefined()
  })

  test('is not purged when another turn was accepted meanwhile', async ({
    store,
    maintenanceStore,
    redis,
    time,
  }) => {
    await runTurn(store, 1)
    await hideAndDie(redis, time.now)
    await runTurn(store, 2)
    expect(await maintenanceStore.purgeDue(0, 10)).toMatchObject({ purged: 0 })
    expect(await store.view(taskId)).toMatchObject({ turn: 2, hidden: [1] })
  })

  test('is not purged when another turn runs', async ({ store }) => {
    await runTurn(store, 1)
    await store.submit(submission({ requestId: 'r2', after: 1 }))
    expect(await store.softDelete({ taskId, turn: 1 })).toBe('hidden')
    expect(await store.view(taskId)).toMatchObject({ turn: 2, status: 'queued' })
  })
})

/** Soft-deletes the first turn like a process that dies directly afterwards. */
async function hideAndDie(redis: Redis, now: number): Promise<void> {
  const values = { clockTime: now, taskId, turn: 1 }
  expect(await runScript(redis, softDeleteScript.call(taskKeys(taskId), values))).toBe('last')
}

async function runTurn(store: TaskStore, turn: number): Promise<void> {
  await store.submit(submission({ requestId: `r${turn}`, after: turn - 1 }))
  const attempt = `a${turn}`
  const claim = await store.claim({ ...job, turn }, attempt, lock)
  const folded = claim.outcome === 'claimed' ? claim.length : 0
  const end = { folded, status: 'completed', result } as const
  const append = { taskId, turn, attempt, ordinal: 1, facts: [completed], end }
  expect(await store.append(append)).toMatchObject({ outcome: 'ok' })
}
