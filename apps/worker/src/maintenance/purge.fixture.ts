import type { Submission } from '@longhaul/core'

/** A turn of the agent A with a retention of zero. */
export const submission: Omit<Submission, 'taskId'> = {
  workspace: 'w',
  agentId: 'A',
  requestId: 'r',
  after: 0,
  deadlineMs: 60_000,
  retentionMs: 0,
  started: {
    plan: 'p',
    model: 'x/y',
    message: { messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'hi' }] },
    assistantMessageId: 'am',
    traceId: 't',
    spanId: 's',
  },
}
