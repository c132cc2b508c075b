import { type Claimed, jobId, type NewFact, turnSpans, type Waiting } from '@longhaul/core'
import { describe, expect } from 'vitest'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { createChildren } from '../lifecycle/children.ts'
import { day, submission, tool } from '../lifecycle/turn.fixture.ts'
import { idOf, lockMs, test as base } from './scheduler.fixture.ts'

const silentMs = lockMs * 0.75
const keys = shardKeys(0)

const test = base
  /** A living worker, unless a test removes it. */
  .extend('worker', { auto: true }, async ({ maintenance }) => {
    await maintenance.workerAlive(0, 'w')
  })
  .extend('why', ({ store }) => async (taskId: string): Promise<Waiting | undefined> => {
    return (await store.waiting([{ taskId }], { silentMs })).get(taskId)
  })
  /** What a turn has done so far, and for how long. */
  .extend('spent', ({ store, time }) => async (taskId: string) => {
    const facts = await store.facts(taskId)
    return turnSpans(facts, time.now).map(({ for: kind, from, to }) => [kind, to - from])
  })
  .extend('park', ({ store }) => async (claimed: Claimed, fact: NewFact & { until: number }) => {
    const { taskId, turn, attempt, length } = claimed
    const park = { folded: length, until: fact.until }
    await store.append({ taskId, turn, attempt, ordinal: 1, facts: [fact], park })
  })

describe('a queued turn waits for', () => {
  test('a worker, with the turns of its key before it', async ({ queue, why, time }) => {
    const others = [await queue.submit({ fairnessKey: 'a' }), await queue.submit()]
    const first = await queue.submit({ fairnessKey: 'b' })
    const second = await queue.submit({ fairnessKey: 'b' })
    time.now += 1_000
    const since = time.now - 1_000
    expect(await why(second)).toEqual({ for: 'worker', since, ahead: 1 })
    for (const task of [first, ...others]) expect(await why(task)).toMatchObject({ ahead: 0 })
  })

  test('any worker, while none sends a heartbeat', async ({ queue, why, time, maintenance }) => {
    const task = await queue.submit()
    time.now += silentMs + 1
    expect(await why(task)).toMatchObject({ for: 'no_worker' })
    await maintenance.workerAlive(0, 'w')
    expect(await why(task)).toMatchObject({ for: 'worker' })
  })

  test('a worker of a newer version', async ({ queue, why, redis }) => {
    const task = await queue.submit()
    await redis.hset(taskKeys(task).head, 'v', 99)
    await queue.claim()
    expect(await why(task)).toMatchObject({ for: 'no_worker' })
  })

  test('a slot of its workspace, which other tasks of the workspace hold', async ({
    queue,
    why,
    admin,
  }) => {
    await admin.setLimits(0, 'w', { running: 2 })
    const other = await queue.submit({ workspace: 'other' })
    const running = [await queue.submit(), await queue.submit()]
    const task = await queue.submit()
    for (const slot of ['a', 'b', 'c']) await queue.start(slot)
    const waiting = await why(task)
    expect(waiting).toMatchObject({ for: 'workspace_running', ahead: 0, limit: 2, inUse: 2 })
    expect(waiting?.heldBy?.toSorted()).toEqual(running)
    expect(waiting?.heldBy).not.toContain(other)
  })

  test('a slot of its fairness key, which tasks of that key hold', async ({
    queue,
    why,
    admin,
  }) => {
    await admin.setLimits(0, 'w', { runningPerFairnessKey: 1 })
    const running = await queue.submit({ fairnessKey: 'a' })
    await queue.submit({ fairnessKey: 'b' })
    const task = await queue.submit({ fairnessKey: 'a' })
    await queue.start('a')
    await queue.start('b')
    expect(await why(task)).toMatchObject({
      for: 'fairness_key_running',
      ahead: 0,
      limit: 1,
      inUse: 1,
      heldBy: [running],
    })
  })

  test('a slot of its key, where no turn of the workspace has a key', async ({
    queue,
    why,
    admin,
  }) => {
    await admin.setLimits(0, 'w', { runningPerFairnessKey: 1 })
    await queue.submit()
    const task = await queue.submit()
    await queue.start()
    expect(await why(task)).toMatchObject({ for: 'fairness_key_running', limit: 1, inUse: 1 })
  })

  test('the end of a pause, of its workspace or of its shard', async ({ queue, why, admin }) => {
    const task = await queue.submit()
    await admin.setLimits(0, 'w', { paused: true, running: 0 })
    expect(await why(task)).toMatchObject({ for: 'paused', also: ['workspace_running'] })
    await admin.setLimits(0, 'w', {})
    expect(await why(task)).toMatchObject({ for: 'worker' })
    await admin.pause(0, true)
    expect(await why(task)).toMatchObject({ for: 'paused' })
  })

  test('its start, and then for a worker since that time', async ({ queue, why, redis, time }) => {
    const task = await queue.submit()
    const starts = time.now + 60_000
    await redis.hset(taskKeys(task).head, 'start-at', starts)
    expect(await why(task)).toMatchObject({ for: 'start_at', starts, since: time.now })
    time.now += 60_005
    const waiting = await why(task)
    expect(waiting).toMatchObject({ since: starts })
    expect(waiting).not.toHaveProperty('starts')
  })

  test('a rate of its model', async ({ queue, why, redis, time }) => {
    const task = await queue.submit()
    const until = time.now + 5_000
    const rate = { kind: 'model_tokens', until, bucket: 'openai/*' }
    await redis.hset(taskKeys(task).head, 'wait', JSON.stringify(rate))
    expect(await why(task)).toMatchObject({ for: 'model_tokens', starts: until, ahead: 0 })
  })

  test('another worker, when its worker has died', async ({
    queue,
    why,
    time,
    maintenance,
    redis,
  }) => {
    const task = await queue.submit()
    await queue.start()
    time.now += lockMs + 1
    await maintenance.expireLeases(0, 10)
    await maintenance.workerAlive(0, 'another')
    expect(await why(task)).toMatchObject({ for: 'repair' })
    expect(await why(task)).not.toHaveProperty('ahead')
    // A claim that cannot read it sets it aside.
    await redis.zrem(keys.returned, jobId(task, 1))
    await redis.zadd(keys.broken, time.now, jobId(task, 1))
    expect(await why(task)).toMatchObject({ for: 'repair' })
  })

  test('a worker, when its worker has released it', async ({ queue, store, why, time }) => {
    const task = await queue.submit()
    const claimed = await queue.start()
    await store.release(claimed, undefined, 3_000)
    expect(await why(task)).toMatchObject({ for: 'worker', starts: time.now + 3_000 })
  })
})

describe('a parked turn waits for', () => {
  test.for(['provider_retry', 'timer'] as const)(
    'a time: %s',
    async (kind, { queue, why, park, time }) => {
      const task = await queue.submit()
      const until = time.now + 60_000
      await park(await queue.start(), { type: 'turn.parked', until, for: kind })
      expect(await why(task)).toEqual({ for: kind, since: time.now, starts: until })
    },
  )

  test('a reviewer, and for a worker after that', async ({
    queue,
    why,
    park,
    time,
    maintenance,
  }) => {
    const task = await queue.submit()
    const until = time.now + day / 2
    await park(await queue.start(), { type: 'turn.parked', until, for: 'approval' })
    expect(await why(task)).toEqual({ for: 'approval', since: time.now })
    time.now = until + 10
    await maintenance.workerAlive(0, 'w')
    await maintenance.serveDeadlines(0, 10)
    expect(await why(task)).toEqual({ for: 'worker', since: until, ahead: 0 })
  })

  test('a sub-agent, whose task it names', async ({ queue, store, why, redis, time }) => {
    const task = await queue.submit()
    const claimed = await queue.start()
    const { taskId, turn, attempt } = claimed
    await store.append({ taskId, turn, attempt, ordinal: 1, facts: [tool('c1')] })
    const parent = { taskId, turn, callId: 'c1', depth: 1, root: { taskId, turn } }
    const { started, ...rest } = submission({ taskId: idOf(99), requestId: 'child' })
    const child = { ...rest, agent: 'member', started: { ...started, parent } }
    await createChildren(redis, { clock: () => time.now }).start(child, claimed)
    const length = claimed.length + 2
    const until = time.now + day
    const fact = { type: 'turn.parked', until, for: 'sub_agent' } as const
    const park = { folded: length, until }
    await store.append({ taskId, turn, attempt, ordinal: 2, facts: [fact], park })
    expect(await why(task)).toEqual({ for: 'sub_agent', since: time.now, heldBy: [idOf(99)] })
  })

  test('a time, where an earlier version has parked it', async ({ queue, why, park, time }) => {
    const task = await queue.submit()
    const until = time.now + 60_000
    await park(await queue.start(), { type: 'turn.parked', until })
    expect(await why(task)).toMatchObject({ for: 'timer', starts: until })
  })
})

describe('the log of a turn tells that it has waited for', () => {
  test('a slot of its workspace, and then for a worker', async ({ queue, admin, time, spent }) => {
    await admin.setLimits(0, 'w', { running: 1 })
    await queue.submit()
    const claimed = await queue.start()
    expect(await spent(claimed.taskId)).toEqual([])
    const task = await queue.submit()
    time.now += 300
    await queue.end(claimed)
    time.now += 20
    await queue.start()
    time.now += 5
    expect(await spent(task)).toEqual([
      ['workspace_running', 300],
      ['worker', 20],
      ['work', 5],
    ])
  })

  test('a higher limit', async ({ queue, admin, time, spent }) => {
    await admin.setLimits(0, 'w', { running: 1 })
    await queue.submit()
    await queue.start('a')
    const task = await queue.submit()
    time.now += 300
    await admin.setLimits(0, 'w', { running: 2 })
    await queue.start('b')
    expect(await spent(task)).toEqual([['workspace_running', 300]])
  })

  test.for([{ fairnessKey: 'a' }, {}])(
    'a slot of its fairness key %o',
    async (lane, { queue, admin, time, spent }) => {
      await admin.setLimits(0, 'w', { runningPerFairnessKey: 1 })
      await queue.submit(lane)
      const claimed = await queue.start()
      const task = await queue.submit(lane)
      time.now += 300
      await queue.end(claimed)
      await queue.start()
      expect(await spent(task)).toEqual([['fairness_key_running', 300]])
    },
  )

  test.for(['workspace', 'shard'])(
    'the end of a pause of its %s',
    async (what, { queue, admin, time, spent }) => {
      const pause = async (paused: boolean) => {
        if (what === 'shard') await admin.pause(0, paused)
        else await admin.setLimits(0, 'w', { paused })
      }
      await pause(true)
      const task = await queue.submit()
      time.now += 300
      await pause(false)
      time.now += 10
      await queue.start()
      expect(await spent(task)).toEqual([
        ['paused', 300],
        ['worker', 10],
      ])
      const next = await queue.submit()
      time.now += 10
      await queue.start('another')
      expect(await spent(next)).toEqual([['worker', 10]])
    },
  )

  test('its start, and then for a rate of its model', async ({ queue, redis, time, spent }) => {
    const task = await queue.submit()
    const until = time.now + 300
    const rate = JSON.stringify({ kind: 'model_tokens', until, bucket: 'b' })
    await redis.hset(taskKeys(task).head, { epoch: 1, 'start-at': time.now + 100, wait: rate })
    time.now += 305
    await queue.start()
    expect(await spent(task)).toEqual([
      ['start_at', 100],
      ['model_tokens', 200],
      ['worker', 5],
    ])
  })

  test('another worker, when its worker has died, and not when it was released', async ({
    queue,
    store,
    maintenance,
    time,
    spent,
  }) => {
    const task = await queue.submit()
    await queue.start()
    time.now += lockMs + 10
    await maintenance.expireLeases(0, 10)
    const claimed = await queue.start()
    time.now += 20
    await store.release(claimed)
    time.now += 30
    await queue.start()
    expect(await spent(task)).toEqual([
      ['repair', lockMs + 10],
      ['worker', 50],
    ])
  })
})

test('a turn that runs or has ended does not wait, nor does an unknown one', async ({
  queue,
  why,
}) => {
  const task = await queue.submit()
  const claimed = await queue.start()
  expect(await why(task)).toBeUndefined()
  await queue.end(claimed)
  expect(await why(task)).toBeUndefined()
  expect(await why(idOf(5_000))).toBeUndefined()
})

test('turns are read together, and an earlier turn of a task is none of them', async ({
  queue,
  store,
}) => {
  const tasks = [await queue.submit(), await queue.submit({ workspace: 'other' })]
  const named = tasks.map((taskId) => ({ taskId, turn: 1 }))
  const found = await store.waiting(named, { silentMs, isBrief: true })
  expect([...found.keys()]).toEqual(tasks)
  const later = await store.waiting([{ taskId: tasks[0]!, turn: 2 }], { silentMs })
  expect([...later.keys()]).toEqual([])
})
