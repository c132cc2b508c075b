import { jobId, type NewFact, type Result, type Submission, type TurnRef } from '@longhaul/core'
import { test as base } from '@longhaul/testbed'
import { createTaskStore } from './task-store.ts'
import { createMaintenance } from '../maintenance/maintenance.ts'

export const taskId = '01K0000000' + '0'.repeat(16)
/** The task's first turn, and its name in the sets of the shard. */
export const job: TurnRef = { taskId, turn: 1 }
export const jobName = jobId(taskId, 1)
export const lock = 10_000
export const day = 86_400_000

/** A store and its maintenance, with a clock that tests set. */
export const test = base
  .extend('time', () => ({ now: 1_000_000 }))
  .extend('store', ({ redis, time }) => createTaskStore(redis, { clock: () => time.now }))
  .extend('maintenanceStore', ({ redis, time }) =>
    createMaintenance(redis, { clock: () => time.now }),
  )

export function submission(part: Partial<Submission> = {}): Submission {
  return {
    taskId,
    workspace: 'w',
    agentId: 'A',
    requestId: 'r1',
    after: 0,
    deadlineMs: day,
    retentionMs: 30 * day,
    started: {
      plan: 'p',
      model: 'x/y',
      message: { messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hi' }] },
      assistantMessageId: 'am',
      traceId: 't',
      spanId: 's',
    },
    ...part,
  }
}

export const completed: NewFact = { type: 'turn.completed', reason: 'stop', pending: [] }
export const result: Result = {
  model: 'x/y',
  text: 'done',
  pending: [],
  calls: [],
  reason: 'stop',
}

export function tool(callId: string): NewFact {
  return { type: 'tool.called', callId, toolId: 't', name: 'n', arguments: {} }
}
