import type { TaskStore } from '@longhaul/core'
import { describe, expect } from 'vitest'
import { forgetTask } from './forget-task.ts'
import { completed, job, lock, result, submission, taskId, test } from './turn.fixture.ts'

describe('a turn', () => {
  test('is hidden once it has ended, twice as once', async ({ store }) => {
    await runTurn(store, 1)
    await runTurn(store, 2)
    expect(await store.hide({ taskId, turn: 1 })).toBe('hidden')
    expect(await store.hide({ taskId, turn: 1 })).toBe('hidden')
    expect(await store.view(taskId)).toMatchObject({ turn: 2, hidden: [1] })
    expect(await store.hide({ taskId, turn: 3 })).toBe('not_found')
    expect(await store.hide({ taskId, turn: 0 })).toBe('not_found')
    // Neither is the other hidden with it, nor is one with the same first digit.
    await store.submit(submission({ requestId: 'r3', after: 2 }))
    expect(await store.view(taskId)).toMatchObject({ turn: 3, hidden: [1] })
  })

  test('that runs is not', async ({ store }) => {
    await store.submit(submission())
    expect(await store.hide({ taskId, turn: 1 })).toBe('live')
    expect((await store.view(taskId))?.hidden).toBeUndefined()
  })

  test('takes its task with it when it is the last one', async ({ store, redis }) => {
    await runTurn(store, 1)
    await runTurn(store, 2)
    expect(await store.hide({ taskId, turn: 2 })).toBe('hidden')
    expect(await store.view(taskId)).toBeDefined()
    expect(await store.hide({ taskId, turn: 1 })).toBe('hidden')
    expect(await store.view(taskId)).toBeUndefined()
    expect(await redis.keys('*:by-agent:*')).toEqual([])
    expect(await store.hide({ taskId, turn: 1 })).toBe('not_found')
  })

  test('does not when another one has come and ended meanwhile', async ({ store, redis, time }) => {
    await runTurn(store, 1)
    await runTurn(store, 2)
    await store.hide({ taskId, turn: 1 })
    expect(await forgetTask(redis, taskId, { now: time.now, when: 'hidden' })).toBe('moved')
    expect(await store.view(taskId)).toBeDefined()
  })

  test('does not when another one has come', async ({ store }) => {
    await runTurn(store, 1)
    await store.submit(submission({ requestId: 'r2', after: 1 }))
    expect(await store.hide({ taskId, turn: 1 })).toBe('hidden')
    expect(await store.view(taskId)).toMatchObject({ turn: 2, status: 'queued' })
  })
})

async function runTurn(store: TaskStore, turn: number): Promise<void> {
  await store.submit(submission({ requestId: `r${turn}`, after: turn - 1 }))
  const attempt = `a${turn}`
  const claim = await store.claim({ ...job, turn }, attempt, lock)
  const folded = claim.outcome === 'claimed' ? claim.length : 0
  const end = { folded, status: 'completed', result } as const
  const append = { taskId, turn, attempt, ordinal: 1, facts: [completed], end }
  expect(await store.append(append)).toMatchObject({ outcome: 'ok' })
}
