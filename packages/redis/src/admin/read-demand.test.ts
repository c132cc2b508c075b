import { queuedOf } from '@longhaul/core'
import { startRedis } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import { shardKeys, taskKeys } from '../connection/keys.ts'
import { lockMs, test as base } from '../queue/scheduler.fixture.ts'

const silentMs = lockMs * 0.75

const test = base.extend(
  'demand',
  ({ admin }) =>
    () =>
      admin.demand(0, { silentMs }),
)

/** With a Redis of the test alone, which counts its commands. */
const ownRedis = test.extend('redis', async ({}, { onCleanup }) => {
  const server = await startRedis()
  const redis = new Redis(server.url)
  onCleanup(async () => {
    redis.disconnect()
    await server.stop()
  })
  return redis
})

test('a turn is demand if a slot is all that it needs', async ({ queue, admin, demand, time }) => {
  await admin.setLimits(0, 'w', { running: 2 })
  for (let at = 0; at < 5; at += 1) await queue.submit()
  time.now += 3_000
  for (let at = 0; at < 3; at += 1) await queue.submit({ workspace: 'other' })
  expect(await demand()).toMatchObject({
    running: 0,
    startable: 5,
    blocked: { workspace_running: 3, fairness_key_running: 0, paused: 0 },
    waitMs: 3_000,
  })
  for (const slot of ['a', 'b', 'c', 'd']) await queue.start(slot)
  const after = await demand()
  expect(after).toMatchObject({ running: 4, startable: 1, waitMs: 0 })
  expect(queuedOf(after)).toBe(4)

  await admin.setLimits(0, 'other', { paused: true })
  expect(await demand()).toMatchObject({ startable: 0, blocked: { paused: 1 } })
  await admin.pause(0, true)
  expect(await demand()).toMatchObject({ running: 4, startable: 0, blocked: { paused: 4 } })
})

test('the limit of a fairness key holds its turns back, and not those of others', async ({
  queue,
  admin,
  demand,
}) => {
  await admin.setLimits(0, 'w', { runningPerFairnessKey: 2, running: 3 })
  for (const fairnessKey of ['a', 'a', 'a', 'b']) await queue.submit({ fairnessKey })
  const blocked = { workspace_running: 0, fairness_key_running: 1 }
  expect(await demand()).toMatchObject({ startable: 3, blocked })
  for (const slot of ['1', '2']) await queue.start(slot)
  expect(await demand()).toMatchObject({ startable: 1 })

  await admin.setLimits(0, 'w', { runningPerFairnessKey: 1, running: 3 })
  expect(await demand()).toMatchObject({ startable: 0, blocked: { fairness_key_running: 2 } })
})

test('turns that a worker had before are demand as soon as they may start', async ({
  queue,
  store,
  redis,
  demand,
  time,
}) => {
  const task = await queue.submit()
  await store.release(await queue.start(), undefined, 5_000)
  expect(await demand()).toMatchObject({ startable: 0, blocked: { repair: 1 } })
  time.now += 6_000
  expect(await demand()).toMatchObject({ startable: 1, waitMs: 1_000, blocked: { repair: 0 } })
  await redis.hset(taskKeys(task).head, 'v', 99)
  await queue.claim()
  expect(await demand()).toMatchObject({ startable: 0, blocked: { no_worker: 1 } })
})

test('the slots of living workers are known, and those of others are forgotten', async ({
  maintenance,
  redis,
  demand,
  time,
}) => {
  await maintenance.workerAlive(0, 'silent', 3)
  time.now += silentMs + 1
  await maintenance.workerAlive(0, 'w1', 10)
  await maintenance.workerAlive(0, 'w2', 5)
  const { workers } = await demand()
  expect(workers).toHaveLength(2)
  expect(workers).toContainEqual({ id: 'w1', slots: 10 })
  expect(workers).toContainEqual({ id: 'w2', slots: 5 })
  await maintenance.workerGone(0, 'w2')
  time.now += 3_600_001
  await maintenance.workerAlive(0, 'w1', 10)
  await maintenance.checkWorkspaces(0, 10)
  const fields = await redis.hkeys(shardKeys(0).scheduler)
  expect(fields.filter((field) => field.startsWith('slots:'))).toEqual(['slots:w1'])
})

test('a workspace with very many fairness keys is estimated from the first ones', async ({
  queue,
  demand,
}) => {
  for (let at = 0; at < 1_100; at += 1) await queue.submit({ fairnessKey: `user-${at}` })
  expect(await demand()).toMatchObject({ startable: 1_100, blocked: { fairness_key_running: 0 } })
})

ownRedis(
  'many workspaces are counted in several scripts, so that none of them takes long',
  async ({ queue, redis, demand }) => {
    for (let at = 0; at < 400; at += 1) await queue.submit({ workspace: `w-${at}` })
    await redis.config('RESETSTAT')
    expect(await demand()).toMatchObject({ startable: 400 })
    const stats = await redis.info('commandstats')
    const [, scripts] = /cmdstat_evalsha:calls=(\d+)/.exec(stats) ?? []
    expect(Number(scripts)).toBeGreaterThanOrEqual(4)
  },
)
