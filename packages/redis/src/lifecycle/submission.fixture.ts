import type { NewFact, Result, Submission } from '@longhaul/core'

export const taskId = '01K0000000' + '0'.repeat(16)
export const day = 86_400_000

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
