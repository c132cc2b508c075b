import {
  type ChildSubmission,
  limits,
  LonghaulError,
  type NewFact,
  responseId,
  type TaskStore,
} from '@longhaul/core'
import { startRedis } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { describe, expect } from 'vitest'
import { createChildren } from './children.ts'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { createTaskStore } from './task-store.ts'
import {
  completed,
  day,
  job,
  lock,
  result,
  submission,
  taskId,
  test as base,
} from './turn.fixture.ts'

const childId = '01K0000000' + '0'.repeat(15) + '1'
const childJob = { taskId: childId, turn: 1 }
const parent = { taskId, turn: 1, attempt: 'a1' }

const test = base
  /** The store of a process that dies directly after a turn has ended, before it can propagate the end. */
  .extend('dying', ({ redis, time }) => {
    const dead = new Proxy(redis, {
      get(target, name, receiver) {
        if (name === 'hmget') return () => Promise.reject(new Error('died'))
        const value: unknown = Reflect.get(target, name, receiver)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    return createTaskStore(dead, { clock: () => time.now })
  })
  /** With a running caller, and a call that another agent must answer. */
  .extend('children', async ({ redis, store, time }) => {
    await store.submit(submission())
    await store.claim(job, 'a1', lock)
    await store.append({ ...parent, ordinal: 1, facts: [called] })
    return createChildren(redis, { clock: () => time.now })
  })

const called: NewFact = { type: 'tool.called', callId: 'c1', toolId: 't', name: 'n', arguments: {} }

function child(part: Partial<ChildSubmission> = {}): ChildSubmission {
  const { started, ...rest } = submission({
    taskId: childId,
    requestId: childId,
    deadlineMs: 2 * day,
  })
  return {
    ...rest,
    agent: 'member',
    started: {
      ...started,
      parent: { taskId, turn: 1, callId: 'c1', depth: 1, root: { taskId, turn: 1 } },
    },
    ...part,
  }
}

describe('a sub-agent’s task', () => {
  test('is started once, and the caller’s log records it once', async ({ children, store }) => {
    expect(await children.start(child(), parent)).toBe('started')
    expect(await children.start(child(), parent)).toBe('started')
    const types = (await store.facts(taskId)).map(({ type }) => type)
    expect(types.filter((type) => type === 'child.started')).toHaveLength(1)
    expect(await store.view(childId)).toMatchObject({ status: 'queued', turn: 1 })
  })

  test('is counted at the root of its tree, and not started above the limit', async ({
    children,
    store,
    redis,
  }) => {
    const { head } = taskKeys(taskId)
    expect(await children.start(child(), parent)).toBe('started')
    expect(await children.start(child(), parent)).toBe('started')
    expect(await redis.hget(head, 'children:1')).toBe('1')
    await redis.hset(head, 'children:1', limits.treeChildren)
    const facts = await store.facts(taskId)
    const another = child({ taskId: childId.replace(/1$/, '2') })
    expect(await children.start(another, parent)).toBe('full')
    expect(await store.facts(taskId)).toEqual(facts)
    expect(await store.view(another.taskId)).toBeUndefined()
    // A task that was started before stays started.
    expect(await children.start(child(), parent)).toBe('started')
  })

  test('is not started by an attempt that does not hold the caller', async ({
    children,
    store,
  }) => {
    expect(await children.start(child(), { ...parent, attempt: 'a2' })).toBe('fenced')
    await store.release(parent)
    expect(await children.start(child(), parent)).toBe('fenced')
    expect(await store.view(childId)).toBeUndefined()
  })

  test('is not started for a caller that is to stop', async ({ children, store }) => {
    await store.cancel({ taskId }, { reason: 'r', graceMs: 1_000 })
    expect(await children.start(child(), parent)).toBe('cancelled')
    expect(await store.view(childId)).toBeUndefined()
  })

  test('has a deadline that is not later than its caller’s', async ({ children, redis }) => {
    await children.start(child(), parent)
    const { deadlines } = shardKeys(0)
    const ends = (id: string) => redis.zscore(deadlines, `${responseId(id, 1)}:end`)
    expect(await ends(childId)).toBe(await ends(taskId))
  })
})

describe('the end of a sub-agent', () => {
  const end = { ordinal: 2, facts: [completed] }

  test('answers a parked caller and queues it, once', async ({ children, store, redis }) => {
    await children.start(child(), parent)
    const { length } = await store.facts(taskId)
    const park = { folded: length, until: 9_000_000 }
    await store.append({
      ...parent,
      ordinal: 2,
      facts: [{ type: 'turn.parked', until: park.until }],
      park,
    })
    await endChild(store, end)
    expect(await store.view(taskId)).toMatchObject({ status: 'queued' })
    expect(await answers(store)).toEqual([{ task_id: childId, output: '' }])
    expect(await redis.zcard(shardKeys(0).answers)).toBe(0)
    expect(await redis.hget(taskKeys(taskId).head, 'children')).toBe('')
  })

  test('answers a caller that still runs, whose next decision is then stale', async ({
    children,
    store,
  }) => {
    await children.start(child(), parent)
    const { length } = await store.facts(taskId)
    await endChild(store, end)
    const park = { folded: length, until: 9_000_000 }
    const parked = await store.append({
      ...parent,
      ordinal: 2,
      facts: [{ type: 'turn.parked', until: park.until }],
      park,
    })
    expect(parked.outcome).toBe('stale')
    expect(await answers(store)).toHaveLength(1)
  })

  test('is not waited for by the turn that its worker claims next', async ({
    children,
    store,
    redis,
    time,
  }) => {
    const { promise: read, resolve: mayRead } = Promise.withResolvers<void>()
    const slow = new Proxy(redis, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver)
        if (typeof value !== 'function') return value
        if (name !== 'hmget') return value.bind(target)
        return async (...values: unknown[]) => {
          await read
          return (await value.apply(target, values)) as unknown
        }
      },
    })
    await children.start(child(), parent)
    await store.claim(childJob, 'b1', lock)
    const other = childId.replace(/1$/, '2')
    await store.submit(submission({ taskId: other, requestId: other }))
    const { length } = await store.facts(childId)
    const reply = await createTaskStore(slow, { clock: () => time.now }).append({
      ...childJob,
      ...end,
      attempt: 'b1',
      end: { folded: length, status: 'completed', result },
      next: { shard: 0, slot: 's', attempt: 'b2', lockMs: lock },
    })
    expect(reply).toMatchObject({ outcome: 'ok', next: { outcome: 'claimed', taskId: other } })
    expect(await answers(store)).toEqual([])
    mayRead()
    await expect.poll(() => answers(store)).toHaveLength(1)
  })

  test('that was not delivered to the caller is delivered by a reconciler, once', async ({
    children,
    store,
    dying,
    maintenanceStore,
    redis,
    time,
  }) => {
    await children.start(child(), parent)
    await expect(endChild(dying, end)).rejects.toThrow('died')
    expect(await answers(store)).toEqual([])
    expect(await maintenanceStore.serveAnswers(0, 5_000, 10)).toBe(0)
    time.now += 2_000
    expect(await maintenanceStore.serveAnswers(0, 5_000, 10)).toBe(1)
    // A late process finds that no caller waits.
    await redis.zadd(shardKeys(0).answers, time.now, `${childId} ${taskId} 1 c1`)
    expect(await maintenanceStore.serveAnswers(0, 5_000, 10)).toBe(0)
    expect(await answers(store)).toHaveLength(1)
  })

  test('is ignored by a caller that has ended, or has another turn', async ({
    children,
    store,
    maintenanceStore,
    redis,
    time,
  }) => {
    await children.start(child(), parent)
    const facts = await store.facts(taskId)
    await store.append({
      ...parent,
      ordinal: 2,
      facts: [completed],
      end: { folded: facts.length, status: 'completed', result },
    })
    const member = `${childId} ${taskId} 1 c1`
    await redis.zadd(shardKeys(0).answers, time.now, member)
    expect(await maintenanceStore.serveAnswers(0, 5_000, 10)).toBe(0)
    await store.submit(submission({ after: 1, requestId: 'r2' }))
    await redis.zadd(shardKeys(0).answers, time.now, member)
    expect(await maintenanceStore.serveAnswers(0, 5_000, 10)).toBe(0)
    expect(await redis.zcard(shardKeys(0).answers)).toBe(0)
    expect(await answers(store)).toEqual([])
  })

  test('is delivered even when its log cannot be read', async ({
    children,
    store,
    maintenanceStore,
    redis,
    dying,
    time,
  }) => {
    await children.start(child(), parent)
    await expect(endChild(dying, end)).rejects.toThrow('died')
    await redis.rpush(taskKeys(childId).log, 'no JSON')
    time.now += 2_000
    expect(await maintenanceStore.serveAnswers(0, 5_000, 10)).toBe(1)
    const failed = (await store.facts(taskId)).filter(({ type }) => type === 'tool.failed')
    expect(failed).toMatchObject([{ error: expect.stringContaining('cannot be read') }])
  })

  test('is delivered even when its task was deleted', async ({ children, store }) => {
    await children.start(child(), parent)
    await store.cancel({ taskId: childId }, { reason: 'r', graceMs: 0 })
    await store.purge(childId)
    const failed = (await store.facts(taskId)).filter(({ type }) => type === 'tool.failed')
    expect(failed).toMatchObject([{ callId: 'c1', error: expect.stringContaining('cancelled') }])
  })
})

describe('the end of a caller', () => {
  test.for(['cancel', 'deadline', 'end'] as const)(
    'by %s cancels its children',
    async (how, { children, store, maintenanceStore, time }) => {
      await children.start(child(), parent)
      if (how === 'cancel') await store.cancel({ taskId }, { reason: 'r', graceMs: 0 })
      if (how === 'deadline') {
        time.now += day + 1
        await maintenanceStore.serveDeadlines(0, 10)
      }
      if (how === 'end') {
        const { length } = await store.facts(taskId)
        await store.append({
          ...parent,
          ordinal: 2,
          facts: [completed],
          end: { folded: length, status: 'completed', result },
        })
      }
      expect((await store.view(childId))?.status).toMatch(
        how === 'deadline' ? /cancelled|failed/ : /cancelled/,
      )
    },
  )

  test.for(['its worker', 'the canceller'] as const)(
    'is propagated by a reconciler when %s died before doing so',
    async (who, { children, store, dying, maintenanceStore, redis }) => {
      await children.start(child(), parent)
      const { length } = await store.facts(taskId)
      const over = { folded: length, status: 'completed' as const, result }
      const reported =
        who === 'its worker'
          ? dying.append({ ...parent, ordinal: 2, facts: [completed], end: over })
          : dying.cancel({ taskId }, { reason: 'r', graceMs: 1_000 })
      await expect(reported).rejects.toThrow('died')
      expect(await store.view(childId)).toMatchObject({ status: 'queued' })
      await maintenanceStore.serveDeadlines(0, 10)
      expect(await store.view(childId)).toMatchObject({ status: 'cancelled' })
      const member = `${responseId(childId, 1)}:cancel`
      expect(await redis.zscore(shardKeys(0).deadlines, member)).toBeNull()
    },
  )
})

test('model calls are counted as long as the turn at the root is live', async ({
  children,
  store,
}) => {
  const root = { taskId, turn: 1 }
  expect([await children.countCall(root), await children.countCall(root)]).toEqual([1, 2])
  await store.cancel({ taskId }, { reason: 'r', graceMs: 0 })
  expect(await children.countCall(root)).toBe(0)
  expect(await children.countCall({ taskId: childId, turn: 1 })).toBe(0)
})

/** With a separate Redis, which the test fills. */
const ownRedis = test.extend('redis', async ({}, { onCleanup }) => {
  const server = await startRedis()
  const redis = new Redis(server.url)
  onCleanup(async () => {
    redis.disconnect()
    await server.stop()
  })
  return redis
})

ownRedis('a Redis that is full begins no task', async ({ children, store, redis }) => {
  try {
    await redis.config('SET', 'maxmemory', '1')
    const start = children.start(child(), parent)
    await expect(start).rejects.toBeInstanceOf(LonghaulError)
  } finally {
    await redis.config('SET', 'maxmemory', '0')
  }
  expect(await store.view(childId)).toBeUndefined()
  expect(await children.start(child(), parent)).toBe('started')
})

async function endChild(
  store: TaskStore,
  end: { ordinal: number; facts: NewFact[] },
): Promise<void> {
  await store.claim(childJob, 'b1', lock)
  const { length } = await store.facts(childId)
  const held = { taskId: childId, turn: 1, attempt: 'b1' }
  await store.append({ ...held, ...end, end: { folded: length, status: 'completed', result } })
}

async function answers(store: TaskStore): Promise<unknown[]> {
  const facts = await store.facts(taskId)
  return facts.flatMap((fact) => (fact.type === 'tool.returned' ? [fact.result] : []))
}
