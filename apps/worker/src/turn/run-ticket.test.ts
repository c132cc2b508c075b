import { taskIdInShard } from '@longhaul/core'
import { createVault } from '@longhaul/outbound'
import { createLogger, createRandomPool, parseConfig } from '@longhaul/process'
import { createBackend, shardKeys } from '@longhaul/redis'
import { test as base } from '@longhaul/testbed'
import { expect } from 'vitest'
import { createLiveBytes } from '../capacity/live-bytes.ts'
import { workerVariables } from '../config.ts'
import { createTurnDeps } from '../turn-deps.ts'
import { createCrashedTurns } from './crashed-turns.ts'
import { createDrain } from './drain.ts'
import { runTicket, type TicketDeps } from './run-ticket.ts'

const heap = 256 * 1024 * 1024
const slot = { shard: 0, id: 'w:0' }
const usual = { ms: 600_000, turns: 1_000 }

const test = base
  .extend('backend', async ({ redisUrl }, { onCleanup }) => {
    const backend = createBackend({ server: redisUrl, purpose: 'work', onError: () => {} })
    onCleanup(async () => {
      await backend.tickets.close()
      backend.connections.redis.disconnect()
      backend.connections.bulk.disconnect()
    })
    return backend
  })
  .extend('ended', (): string[] => [])
  .extend('use', ({ backend, redisUrl, ended }) => async (part: Partial<TicketDeps>) => {
    const parsed = parseConfig({ REDIS_URL: redisUrl }, workerVariables)
    if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
    const log = createLogger({ name: 'test', level: 'silent' })
    const { turnDeps } = createTurnDeps({
      config: parsed.config,
      backend,
      vault: createVault(undefined),
      random: createRandomPool(),
      codeMemory: 1,
      log,
    })
    await runTicket(slot, {
      ...turnDeps,
      wake: { watch: () => () => {} },
      drain: createDrain(),
      live: createLiveBytes(heap),
      suspects: { run: () => Promise.resolve() },
      crashed: createCrashedTurns(),
      wasBlocked: () => false,
      ended: (status) => ended.push(status),
      parked: () => {},
      retried: () => {},
      ...part,
    })
  })
  /** Queues turns. They have no plan, so each of them fails in its first step. */
  .extend('submit', ({ backend }) => async (count: number) => {
    for (let at = 0; at < count; at += 1) {
      const taskId = taskIdInShard(`01K0000000${String(at).padStart(16, '0')}`, 0)
      await backend.store.submit({ ...submission, taskId, requestId: taskId })
    }
  })

test('a ticket runs all turns, one after the other', async ({ redis, submit, use, ended }) => {
  await redis.ping()
  await submit(5)
  await use({ ticket: usual })
  expect(ended).toHaveLength(5)
})

test.for([
  ['has run so many turns', 3, { ticket: { ...usual, turns: 3 } }],
  ['is over its time, after the turn that it runs', 1, { ticket: { ...usual, ms: 0 } }],
  ['is slow, after the turn that it runs', 1, { ticket: usual, wasBlocked: () => true }],
] as const)(
  'a worker that %s gives its ticket back, and the others are left to another one',
  async ([, turns, part], { submit, use, ended, redis }) => {
    const { leases, tickets, workspaceState } = shardKeys(0)
    await submit(5)
    await redis.del(tickets)
    await use(part)
    expect(ended).toHaveLength(turns)
    expect(await redis.hget(workspaceState('w'), 'queued')).toBe(String(5 - turns))
    expect(await redis.zcard(leases)).toBe(0)
    await expect.poll(() => redis.llen(tickets)).toBeGreaterThan(0)
  },
)

const submission = {
  workspace: 'w',
  agentId: 'A',
  after: 0,
  deadlineMs: 600_000,
  retentionMs: 600_000,
  started: {
    plan: 'p',
    model: 'x/y',
    message: {
      messageId: 'm',
      role: 'user' as const,
      parts: [{ kind: 'text' as const, text: 'hi' }],
    },
    assistantMessageId: 'am',
    traceId: 't',
    spanId: 's',
  },
}
