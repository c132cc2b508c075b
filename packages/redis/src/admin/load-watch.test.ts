import { expect } from 'vitest'
import { createTaskStore } from '../lifecycle/task-store.ts'
import { lock, submission } from '../lifecycle/turn.fixture.ts'
import { idOf, test as base } from '../queue/scheduler.fixture.ts'
import { createLoadWatch } from './load-watch.ts'

const minute = 60_000

const test = base.extend('load', ({ redis, time }) =>
  createLoadWatch(redis, { shards: 1, longerThanMs: minute, slice: 3, clock: () => time.now }),
)

test('the next turn of each lane tells how long new ones would wait', async ({
  load,
  queue,
  time,
  store,
}) => {
  const first = await queue.submit({ workspace: 'w' })
  time.now += 2 * minute
  await queue.submit({ workspace: 'w' })
  await queue.submit({ workspace: 'idle' })
  await load.sample()
  expect(load.waitedMs('w', '')).toBe(2 * minute)
  expect(load.waitedMs('idle', '')).toBe(0)
  expect(load.waitedMs('w', 'other-key')).toBe(0)
  await store.claim({ taskId: first, turn: 1 }, 'a1', lock)
  await load.sample()
  expect(load.waitedMs('w', '')).toBe(0)
})

test('a turn that waits for the end of a pause does not wait for a worker', async ({
  load,
  queue,
  time,
  admin,
}) => {
  const waited = async () => {
    await load.sample()
    return load.waitedMs('w', '')
  }
  await queue.submit({ workspace: 'w' })
  time.now += 2 * minute
  await admin.setLimits(0, 'w', { paused: true })
  expect(await waited()).toBe(0)
  await admin.setLimits(0, 'w', {})
  expect(await waited()).toBe(2 * minute)
  await admin.pause(0, true)
  expect(await waited()).toBe(0)
})

test('a turn that was parked waits from its time on', async ({
  load,
  queue,
  time,
  store,
  maintenance,
}) => {
  await queue.submit({ workspace: 'w' })
  const { taskId, turn, attempt, length } = await queue.start()
  const until = time.now + 5 * minute
  await store.append({
    taskId,
    turn,
    attempt,
    ordinal: 1,
    facts: [{ type: 'turn.parked', until }],
    park: { folded: length, until },
  })
  time.now = until
  await maintenance.serveDeadlines(0, 10)
  time.now += minute / 2
  await load.sample()
  expect(load.waitedMs('w', '')).toBe(0)
  time.now += minute
  await load.sample()
  expect(load.waitedMs('w', '')).toBe(1.5 * minute)
})

test('one key that waits long does not stop the others, unless all keys wait long', async ({
  load,
  queue,
  time,
}) => {
  await queue.submit({ workspace: 'w', fairnessKey: 'a' })
  time.now += 2 * minute
  await load.sample()
  expect([load.waitedMs('w', 'a'), load.waitedMs('w', 'b')]).toEqual([2 * minute, 0])
  for (let number = 0; number < 8; number += 1) {
    await queue.submit({ workspace: 'w', fairnessKey: `k${number}` })
  }
  time.now += 2 * minute
  await load.sample()
  expect(load.waitedMs('w', 'new')).toBeGreaterThan(minute)
})

test('every workspace is reached, some of them at a time', async ({ load, queue, time }) => {
  const names = Array.from({ length: 8 }, (_, number) => `w${number}`)
  for (const workspace of names) await queue.submit({ workspace })
  time.now += 2 * minute
  await load.sample()
  const late = () => names.filter((name) => load.waitedMs(name, '') > 0)
  expect(late()).toHaveLength(3)
  await load.sample()
  await load.sample()
  expect(late()).toEqual(names)
  for (let number = 0; number < 8; number += 1) await queue.start(`s${number}`)
  await load.sample()
  await load.sample()
  expect(late()).toEqual([])
})

test('memory is told in relation to its limit', async ({ load }) => {
  await load.sample()
  expect(load.memory()).toBe(0)
})

test('the time of Redis is used without a clock', async ({ redis }) => {
  const store = createTaskStore(redis)
  await store.submit(submission({ taskId: idOf(1) }))
  const load = createLoadWatch(redis, { shards: 1, longerThanMs: -1 })
  await load.sample()
  expect(load.waitedMs('w', '')).toBeLessThan(minute)
})
