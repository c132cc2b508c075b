import type { Submission } from '@longhaul/core'
import { createTaskStore, shardKeys } from '@longhaul/redis'
import { test } from '@longhaul/testbed'
import { expect } from 'vitest'
import { createAttempt } from './attempt.ts'
import { openLogWriter } from './log-writer.ts'

const taskId = '01K0000000' + '0'.repeat(16)
const job = { taskId, turn: 1 }
const log = `${shardKeys(0).tag}:task:${taskId}:log`

test.for(['append', 'stream', 'end', 'park', 'piggyback', 'refresh'] as const)(
  'an attempt whose facts a failover has lost stops at its next %s, and records nothing after the gap',
  async (write, { redis }) => {
    const store = createTaskStore(redis)
    await store.submit(submission)
    const claim = await store.claim(job, 'a1', 10_000)
    if (claim.outcome !== 'claimed') throw new Error(claim.outcome)
    const attempt = createAttempt({ taskId, turn: 1, attempt: 'a1' })
    const writer = openLogWriter(store, attempt, claim)
    await writer.append([called('c')])
    await redis.rpop(log)
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
