import { expect, test } from 'vitest'
import type { Fact } from '../log/fact.ts'
import { eventOf, responseEventBody } from './response-event.ts'

const at = Date.parse('2030-01-31T09:00:00.250Z')
const event = { taskId: `01K0000000${'0'.repeat(16)}`, turn: 2, pos: 7, fact: 6 }
const end: Fact = { v: 1, pos: 7, at, type: 'turn.completed', reason: 'stop', pending: [] }
const usage = { inputTokens: 10, outputTokens: 5, totalTokens: 15 }

test('an event has the fields of the documentation', () => {
  const metadata = { metadata: { order: 7 }, identity: { id: 'ada' }, thread: { id: 'support' } }
  const body = responseEventBody('evt_1', event, end, { agent: 'clerk', metadata, usage })
  expect(JSON.parse(body)).toEqual({
    id: 'evt_1',
    object: 'event',
    type: 'response.completed',
    created_at: Math.floor(at / 1_000),
    timestamp: '2030-01-31T09:00:00.250Z',
    data: {
      id: `resp_${event.taskId}0002`,
      task_id: event.taskId,
      agent: 'clerk',
      status: 'completed',
      finish_reason: 'stop',
      usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
      metadata: { order: 7 },
      identity_id: 'ada',
      thread_id: 'support',
      pos: 7,
    },
  })
})

test('what is unknown is null', () => {
  const started = { v: 1, pos: 1, at, type: 'attempt.started', epoch: 1 } as Fact
  const body = responseEventBody('evt_1', event, started, { agent: 'clerk', metadata: {} })
  expect(JSON.parse(body)).toMatchObject({
    type: 'response.started',
    data: {
      status: 'in_progress',
      finish_reason: null,
      usage: null,
      metadata: {},
      identity_id: null,
      thread_id: null,
    },
  })
})

test.for([
  [{ type: 'turn.completed', reason: 'stop', pending: [] }, 'response.completed'],
  [{ type: 'turn.completed', reason: 'max_iterations', pending: [] }, 'response.incomplete'],
  [{ type: 'turn.completed', reason: 'length', pending: [] }, 'response.incomplete'],
  [
    { type: 'turn.completed', reason: 'function_call', pending: [{ callId: 'c' }] },
    'response.action_required',
  ],
  [{ type: 'review.requested' }, 'response.action_required'],
  [{ type: 'turn.failed', code: 'cancelled' }, 'response.cancelled'],
  [{ type: 'turn.failed', code: 'provider_failed' }, 'response.failed'],
  [{ type: 'tool.called' }, undefined],
] as const)('%o means %s', ([fact, type]) => {
  expect(eventOf({ pos: 1, at, ...fact } as unknown as Fact)?.type).toBe(type)
})
