import {
  type DeliveryQueue,
  limits,
  type NewFact,
  type Result,
  type Submission,
  type Webhook,
} from '@longhaul/core'
import { createBackend, shardKeys } from '@longhaul/redis'
import { test as base } from '@longhaul/testbed'
import { expect } from 'vitest'
import { relayEvents } from './relay-events.ts'

const taskId = `01K0000000${'0'.repeat(16)}`
const turn = { taskId, turn: 1 }
const lockMs = 10_000
const answer = 'word '.repeat(60_000)
const result: Result = {
  model: 'x/y',
  text: answer,
  pending: [],
  calls: [],
  reason: 'stop',
}
const ended = { folded: 2, status: 'completed', result } as const
const end: NewFact = { type: 'turn.completed', reason: 'stop', pending: [] }

const test = base
  .extend('backend', ({ redisUrl }, { onCleanup }) => {
    const backend = createBackend({ server: redisUrl, purpose: 'work', onError: () => {} })
    onCleanup(async () => {
      await backend.tickets.close()
      backend.connections.redis.disconnect()
      backend.connections.bulk.disconnect()
    })
    return backend
  })
  .extend('parts', ({ backend, redis }) => {
    const { store, webhooks, deliveries } = backend
    const failures: unknown[] = []
    return {
      failures,

      async create(id: string, more: Partial<Webhook> = {}) {
        const at = await webhooks.now()
        await webhooks.create('w', { ...endpoint, id, createdAt: at, updatedAt: at, ...more })
      },

      /** Runs a turn to its end. */
      async runTurn(started: Partial<Submission['started']> = {}, fact: NewFact = end) {
        await store.submit({ ...submission, started: { ...submission.started, ...started } })
        await store.claim(turn, 'a1', lockMs)
        await store.append({ ...turn, attempt: 'a1', ordinal: 1, facts: [fact], end: ended })
      },

      /** Relays all noted events once. */
      async relay(broken: Partial<DeliveryQueue> = {}) {
        // Those that an earlier pass has taken are due again at once.
        const { events } = shardKeys(0)
        for (const event of await redis.zrange(events, '0', '-1'))
          await redis.zadd(events, 0, event)
        const run = relayEvents({
          ...backend,
          deliveryQueue: { ...backend.deliveryQueue, ...broken },
          agentKey: () => Promise.resolve('clerk'),
          shards: 1,
        })
        const signal = new AbortController().signal
        await run({ signal, failed: (error) => failures.push(error) })
      },

      async typesAt(id: string) {
        const { items } = await deliveries.list('w', id, { limit: 100 })
        return items.map(({ type }) => type).toSorted()
      },

      async dataAt(id: string) {
        const { items } = await deliveries.list('w', id, { limit: 100 })
        return items.map(({ body }) => (JSON.parse(body) as { data: object }).data)
      },
    }
  })

const endpoint: Webhook = {
  id: 'whe_1',
  url: 'https://receiver.example/events',
  name: 'receiver',
  events: ['response.*'],
  contentType: 'json',
  enabled: true,
  createdAt: 1,
  updatedAt: 1,
  createdBy: 'k',
  updatedBy: 'k',
}
const submission: Submission = {
  taskId,
  workspace: 'w',
  agentId: 'A',
  requestId: 'r1',
  after: 0,
  deadlineMs: 86_400_000,
  retentionMs: 86_400_000,
  started: {
    plan: 'p',
    model: 'x/y',
    message: { messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hi' }] },
    assistantMessageId: 'am',
    traceId: 't',
    spanId: 's',
  },
}
const both = ['response.completed', 'response.started']

test('an endpoint that was made later gets nothing older', async ({ parts, backend }) => {
  await parts.create('early')
  await parts.runTurn()
  await parts.create('late', { createdAt: (await backend.webhooks.now()) + 1 })
  await parts.relay()
  expect([await parts.typesAt('early'), await parts.typesAt('late')]).toEqual([both, []])
  expect(parts.failures).toEqual([])
})

test('a disabled endpoint gets nothing, and one gets only what it wants', async ({ parts }) => {
  await parts.create('off', { enabled: false })
  await parts.create('failures', { events: ['response.failed', 'agent.*'] })
  await parts.create('all', { events: ['*'] })
  await parts.runTurn()
  await parts.relay()
  expect([await parts.typesAt('off'), await parts.typesAt('failures')]).toEqual([[], []])
  expect(await parts.typesAt('all')).toEqual(both)
})

test('a task that was deleted meanwhile sends nothing', async ({ parts, backend, redis }) => {
  await parts.create('one')
  await parts.runTurn()
  expect(await backend.store.purge(taskId)).toBe('forgotten')
  await parts.relay()
  expect(await parts.typesAt('one')).toEqual([])
  expect(await redis.zcard(shardKeys(0).events)).toBe(0)
})

test('a response that was deleted meanwhile sends nothing', async ({ parts, backend }) => {
  await parts.create('one')
  await parts.runTurn()
  await backend.store.submit({ ...submission, requestId: 'r2', after: 1 })
  await backend.store.claim({ taskId, turn: 2 }, 'a2', lockMs)
  expect(await backend.store.softDelete(turn)).toBe('hidden')
  await parts.relay()
  expect(await parts.dataAt('one')).toMatchObject([{ id: `resp_${taskId}0002` }])
})

test('an event is kept until its deliveries are stored', async ({ parts, redis }) => {
  await parts.create('one')
  await parts.runTurn()
  await parts.relay({ put: () => Promise.reject(new Error('Redis is away')) })
  expect([await parts.typesAt('one'), parts.failures.length]).toEqual([[], 2])
  await parts.relay()
  expect(await parts.typesAt('one')).toEqual(both)
  expect(await redis.zcard(shardKeys(0).events)).toBe(0)
})

test('a worker that dies before it removes an event leaves one delivery', async ({
  parts,
  backend,
}) => {
  await parts.create('one')
  await parts.runTurn()
  await parts.relay({ eventDone: () => Promise.reject(new Error('killed')) })
  const first = await backend.deliveries.list('w', 'one', { limit: 10 })
  await parts.relay()
  expect(await backend.deliveries.list('w', 'one', { limit: 10 })).toEqual(first)
  expect(first.items).toHaveLength(2)
})

test('an endpoint that asks for the output gets at most 256 KB of it', async ({ parts }) => {
  await parts.create('thin')
  await parts.create('thick', { includesOutput: true, events: ['response.completed'] })
  await parts.runTurn()
  await parts.relay()
  expect(JSON.stringify(await parts.dataAt('thin'))).not.toContain('output_text')
  const [data] = await parts.dataAt('thick')
  const { output_text: output } = data as { output_text: string }
  expect(Buffer.byteLength(output)).toBe(limits.webhooks.output)
  expect(answer).toContain(output)
})

test('an end is told whole also when the next turn has begun', async ({ parts, backend }) => {
  await parts.create('thick', { includesOutput: true })
  await parts.runTurn()
  await backend.store.submit({ ...submission, requestId: 'r2', after: 1 })
  await parts.relay()
  expect(await parts.typesAt('thick')).toEqual(both)
  const withOutput = (await parts.dataAt('thick')).filter((data) => 'output_text' in data)
  // A turn that has just started has none.
  expect(withOutput).toMatchObject([{ id: `resp_${taskId}0001`, status: 'completed' }])
})

test('a turn with functions that the caller must answer requires an action', async ({ parts }) => {
  await parts.create('one')
  const call = { callId: 'c', name: 'n', arguments: '{}' }
  await parts.runTurn({}, { type: 'turn.completed', reason: 'function_call', pending: [call] })
  await parts.relay()
  expect(await parts.typesAt('one')).toEqual(['response.action_required', 'response.started'])
})

test('the end of a sub-agent has no event', async ({ parts, backend }) => {
  const { store, children } = backend
  await parts.create('one')
  await store.submit(submission)
  await store.claim(turn, 'a1', lockMs)
  const parent = { ...turn, callId: 'c', depth: 1, root: turn }
  const child = { taskId: taskId.replace(/0$/, '1'), turn: 1 }
  const asked = { ...submission, taskId: child.taskId, requestId: child.taskId, agent: 'member' }
  const started = { ...submission.started, parent }
  await children.start({ ...asked, started }, { ...turn, attempt: 'a1' })
  await store.claim(child, 'a2', lockMs)
  await store.append({ ...child, attempt: 'a2', ordinal: 1, facts: [end], end: ended })
  await parts.relay()
  // The start of its caller.
  expect(await parts.typesAt('one')).toEqual(['response.started'])
  expect((await parts.dataAt('one'))[0]).toMatchObject({ task_id: taskId })
})

test('an address that a request names gets the end of its turn, whatever others want', async ({
  parts,
  backend,
}) => {
  await backend.webhooks.listen('w')
  await parts.create('failures', { events: ['response.failed'] })
  await parts.runTurn({ webhook: 'https://other.example/' })
  await parts.relay()
  expect(await parts.typesAt('failures')).toEqual([])
  const served = await backend.deliveryQueue.take('h', lockMs)
  expect(served?.webhookId).toMatch(/^whr_/)
  expect(await parts.typesAt(served?.webhookId ?? '')).toEqual(['response.completed'])
})
