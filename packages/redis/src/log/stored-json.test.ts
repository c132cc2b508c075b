import { describe, expect } from 'vitest'
import { taskKeys } from '../connection/keys.ts'
import {
  completed,
  job,
  lock,
  result,
  submission,
  taskId,
  test,
} from '../lifecycle/turn.fixture.ts'

const { head, log } = taskKeys(taskId)

describe('a value that is not a fact', () => {
  test('is not folded: the claim reports that the log cannot be read', async ({ store, redis }) => {
    await store.submit(submission())
    await redis.rpush(log, '{"v":1,"pos":2,"type":"tool.returned"}')
    const claim = await store.claim(job, 'a1', lock)
    expect(claim).toMatchObject({ outcome: 'claimed', facts: [] })
    expect(claim).toMatchObject({ unreadable: expect.stringContaining('is not a fact') as string })
    await expect(store.facts(taskId)).rejects.toThrow('is not a fact')
  })
})

describe('a value that is not a task', () => {
  test('is refused when its status or its turn is unknown', async ({ store, redis }) => {
    await store.submit(submission())
    await redis.hset(head, 'status', 'resting')
    await expect(store.view(taskId)).rejects.toThrow('"resting" is not queued, running')
    await redis.hset(head, 'status', 'queued', 'started', '{"at":1}')
    await expect(store.view(taskId)).rejects.toThrow('is not a number')
  })

  test('is refused when its result does not state how it ended', async ({ store, redis }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    const end = { folded: 2, status: 'completed', result } as const
    const attempt = { taskId, turn: 1, attempt: 'a1', ordinal: 1 }
    await store.append({ ...attempt, facts: [completed], end })
    expect(await store.view(taskId)).toMatchObject({ result: { reason: 'stop' } })
    await redis.hset(head, 'result', '{"model":"x/y"}')
    await expect(store.view(taskId)).rejects.toThrow('is not a result')
  })
})
