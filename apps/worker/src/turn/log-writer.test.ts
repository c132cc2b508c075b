import { fold, type Submission } from '@longhaul/core'
import { createTaskStore, shardKeys } from '@longhaul/redis'
import { startRedis, test } from '@longhaul/testbed'
import { Redis } from 'ioredis'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, vi } from 'vitest'
import { createAttempt } from './attempt.ts'
import { openLogWriter } from './log-writer.ts'

const taskId = '01K0000000' + '0'.repeat(16)
const job = { taskId, turn: 1 }
const head = `${shardKeys(0).tag}:task:${taskId}`
const log = `${head}:log`

test.for(['append', 'stream', 'end', 'park', 'piggyback', 'refresh'] as const)(
  'an attempt whose facts a failover has lost stops at its next %s, and records nothing after the gap',
  async (write, { redis }) => {
    const store = createTaskStore(redis)
    await store.submit(submission)
    const claim = await store.claim(job, 'a1', 10_000)
    if (claim.outcome !== 'claimed') throw new Error(claim.outcome)
    const attempt = createAttempt({ taskId, turn: 1, attempt: 'a1' })
    const writer = openLogWriter(store, attempt, claim)
    const headBefore = await redis.dumpBuffer(head)
    await writer.append([called('c')])
    // A replica has all effects of a script or none.
    await redis.rpop(log)
    await redis.restore(head, 0, headBefore, 'REPLACE')
    // Facts are told apart by their place and their millisecond: a failover takes longer than one.
    await sleep(3)
    await store.cancel({ taskId }, { reason: 'why', graceMs: 60_000 })
    const left = await redis.lrange(log, 0, -1)

    const writes = {
      append: () => writer.append([called('d')]),
      stream: () => writer.stream([{ partId: 'p', kind: 'text', text: 'x' }]),
      end: () => writer.end({ type: 'turn.failed', ...failure }, 'failed', { ...result, failure }),
      park: () => writer.park({ until: Date.now() + 1_000, for: 'timer' }),
      piggyback: () =>
        writer.piggyback(async (as) => {
          expect(as.seen?.length).toBe(left.length)
        }),
      refresh: () => writer.refresh(),
    }
    await expect(writes[write]()).rejects.toMatchObject({ reason: 'lost' })
    expect(await redis.lrange(log, 0, -1)).toEqual(left)
  },
)

async function open(redis: Redis) {
  const store = createTaskStore(redis)
  await store.submit(submission)
  const claim = await store.claim(job, 'a1', 10_000)
  if (claim.outcome !== 'claimed') throw new Error(claim.outcome)
  const writer = openLogWriter(store, createAttempt({ taskId, turn: 1, attempt: 'a1' }), claim)
  const end = () =>
    writer.end({ type: 'turn.failed', ...failure }, 'failed', { ...result, failure })
  const types = async () => (await store.facts(taskId)).map(({ type }) => type)
  return { store, writer, end, types }
}

test('facts that were kept are recorded with the end', async ({ redis }) => {
  const { store, writer, end, types } = await open(redis)
  writer.keep([called('c')])
  expect(writer.state().calls).toMatchObject([{ callId: 'c' }])
  expect(await types()).toEqual(['turn.started', 'attempt.started'])
  expect(await end()).toEqual({ wasFull: false })
  const all = ['turn.started', 'attempt.started', 'tool.called', 'turn.failed']
  expect(await types()).toEqual(all)
  expect((await store.view(taskId))?.status).toBe('failed')
})

test('facts that were kept are recorded without the end when the log has changed', async ({
  redis,
}) => {
  const { store, writer, end, types } = await open(redis)
  writer.keep([called('c')])
  await store.cancel({ taskId }, { reason: 'why', graceMs: 60_000 })
  expect(await end()).toBeUndefined()
  const all = ['turn.started', 'attempt.started', 'cancel.requested', 'tool.called']
  expect(await types()).toEqual(all)
  expect(writer.facts.map(({ type }) => type)).toEqual(all)
  expect(writer.isKeeping()).toBe(false)
  expect(await end()).toBeDefined()
})

test('facts that were kept are recorded with the next facts, in one script', async ({ redis }) => {
  const { store, writer, types } = await open(redis)
  const append = vi.spyOn(store, 'append')
  writer.keep([called('c')])
  const { calls } = writer.state()
  await Promise.all([writer.append([called('d')]), writer.append([called('e')])])
  expect(await types()).toEqual(['turn.started', 'attempt.started', ...three('tool.called')])
  expect(writer.facts).toEqual(await store.facts(taskId))
  expect(append).toHaveBeenCalledOnce()
  expect(writer.isKeeping()).toBe(false)
  expect(writer.state().calls).toMatchObject(['c', 'd', 'e'].map((callId) => ({ callId })))
  expect(writer.state().calls).toBe(calls)
})

test('the state is right when another fact is recorded before those that were kept', async ({
  redis,
}) => {
  const { store, writer } = await open(redis)
  writer.keep([called('c')])
  expect(writer.state()).toMatchObject({ calls: [{ callId: 'c' }], cancelRequested: false })
  await store.cancel({ taskId }, { reason: 'why', graceMs: 60_000 })
  await writer.append([called('d')])
  expect(writer.state()).toEqual(fold(await store.facts(taskId)))
  expect(writer.state()).toMatchObject({ calls: [{}, {}], cancelRequested: true, facts: 5 })
})

const three = <T>(each: T): T[] => [each, each, each]

test('an end that a full Redis refuses is recorded later, and reports it', async () => {
  const server = await startRedis()
  const redis = new Redis(server.url)
  onTestFinished(async () => {
    redis.disconnect()
    await server.stop()
  })
  const { end, types } = await open(redis)
  await redis.config('SET', 'maxmemory', '1')
  const ended = end()
  await expect.poll(() => redis.info('errorstats')).toContain('errorstat_OOM')
  await redis.config('SET', 'maxmemory', '0')
  expect(await ended).toEqual({ wasFull: true })
  expect(await types()).toEqual(['turn.started', 'attempt.started', 'turn.failed'])
})

const called = (callId: string) =>
  ({ type: 'tool.called', callId, toolId: 't', name: 'n', arguments: {} }) as const
const failure = { code: 'internal', message: 'why', status: 500 } as const
const result = { model: 'x/y', text: '', pending: [], calls: [] }

const submission: Submission = {
  taskId,
  workspace: 'w',
  agentId: 'A',
  requestId: 'r',
  after: 0,
  deadlineMs: 600_000,
  retentionMs: 600_000,
  started: {
    plan: 'p',
    model: 'x/y',
    message: { messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hi' }] },
    assistantMessageId: 'am',
    traceId: 't',
    spanId: 's',
  },
}
