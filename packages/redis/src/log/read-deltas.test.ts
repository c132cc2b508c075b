import { startRedis } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import { taskKeys } from '../connection/keys.ts'
import { idOf } from '../queue/scheduler.fixture.ts'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { lock, submission, test as base } from '../lifecycle/turn.fixture.ts'

/** A Redis of its own, because its statistics count the commands of everybody. */
const ownRedis = base.extend('redis', async ({}, { onCleanup }) => {
  const server = await startRedis()
  const redis = new Redis(server.url)
  onCleanup(async () => {
    redis.disconnect()
    await server.stop()
  })
  return redis
})

const test = ownRedis.extend('running', async ({ redis, store }) => async (number: number) => {
  const taskId = idOf(number)
  const turn = { taskId, turn: 1 }
  await store.submit(submission({ taskId, requestId: `r${number}` }))
  await store.claim(turn, 'a', lock)
  let ordinal = 0
  return {
    taskId,
    say: (text: string) =>
      createTaskStore(redis).stream({ ...turn, attempt: 'a' }, (ordinal += 1), [
        { partId: 'p', kind: 'text', text },
      ]),
  }
})

const after = { pos: 2, fact: 2 }

describe('the deltas of several tasks', () => {
  test('are read with one command at one moment', async ({ redis, store, running }) => {
    const tasks = await Promise.all(Array.from({ length: 60 }, (_, at) => running(at + 1)))
    await Promise.all(tasks.map(({ taskId, say }) => say(taskId)))
    await redis.config('RESETSTAT')
    const found = await Promise.all(tasks.map(({ taskId }) => store.read(taskId, after, 3)))
    expect(found.map((each) => each?.entries)).toEqual(
      tasks.map(({ taskId }) => [expect.objectContaining({ pos: 3, text: taskId })]),
    )
    expect(await redis.info('commandstats')).toMatch(/cmdstat_xread:calls=2,/)
  })

  test('are those up to the number of each task', async ({ store, running }) => {
    const [one, other] = [await running(1), await running(2)]
    for (const text of ['a', 'b', 'c']) await one.say(text)
    await other.say('d')
    const [first, both, alone] = await Promise.all([
      store.read(one.taskId, after, 3),
      store.read(one.taskId, { pos: 3, fact: 2 }, 5),
      store.read(other.taskId, after, 3),
    ])
    expect(first).toMatchObject({ pos: 3, entries: [{ text: 'a' }] })
    expect(both).toMatchObject({ pos: 5, entries: [{ text: 'b' }, { text: 'c' }] })
    expect(alone).toMatchObject({ pos: 3, entries: [{ text: 'd' }] })
  })

  test('are read as usual where a task has none any more', async ({ redis, store, running }) => {
    const [one, other] = [await running(1), await running(2)]
    await one.say('a')
    await other.say('b')
    await redis.del(taskKeys(one.taskId).deltas)
    const [gone, there] = await Promise.all([
      store.read(one.taskId, after, 3),
      store.read(other.taskId, after, 3),
    ])
    expect(gone).toMatchObject({ pos: 3, entries: [] })
    expect(there).toMatchObject({ entries: [{ text: 'b' }] })
  })
})
