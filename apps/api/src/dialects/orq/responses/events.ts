import {
  type Delta,
  type Fact,
  perFact,
  type PerFact,
  type ReplyPart,
  responseId,
  userMessageIdOf,
} from '@longhaul/core'
import { isoTime } from '../../shared/reply-fields.ts'
import { failureText, wirePendingCall, wireUsage } from './response-body.ts'

/**
 * Projects an entry of a task to a server-sent event. It is a pure function of the stored entry, so every process sends
 * the same event.
 */
export function eventOf(taskId: string, entry: Fact | Delta): WireEvent | undefined {
  const content = contentOf(taskId, entry)
  return content === undefined
    ? undefined
    : { id: entry.pos, event: { ...content, timestamp: isoTime(entry.at) } }
}

export type WireEvent = { id: number; event: { type: string; timestamp: string; data: object } }

type Content = { type: string; data: object }

function contentOf(taskId: string, entry: Fact | Delta): Content | undefined {
  if (entry.type !== 'delta') return perFact(contents, entry, taskId)
  return { type: 'part.delta', data: { partId: entry.partId, delta: wirePart(entry) } }
}

const noEvent = () => undefined

/** The projection of each type of entry, by the task's id. */
const contents: PerFact<string, Content | undefined> = {
  'turn.started': (fact, taskId) => ({
    type: 'response.started',
    data: {
      responseId: responseId(taskId, fact.turn),
      taskId,
      model: fact.model,
      workflowRunId: fact.traceId,
      userMessageId: userMessageIdOf(fact),
      assistantMessageId: fact.assistantMessageId,
      telemetry: { trace_id: fact.traceId, span_id: fact.spanId },
    },
  }),
  'attempt.started': noEvent,
  'parts.abandoned': noEvent,
  'part.finished': (fact) =>
    // Hidden reasoning has no text: only the vendor can read it.
    fact.text === ''
      ? undefined
      : { type: 'part.done', data: { partId: fact.partId, part: wirePart(fact) } },
  'step.finished': noEvent,
  'model.failed': noEvent,
  'tool.called': (fact) => ({
    type: 'tool.started',
    data: {
      toolId: fact.toolId,
      toolName: fact.displayName ?? fact.name,
      toolCallId: fact.callId,
      arguments: fact.arguments,
    },
  }),
  'tool.returned': ({ toolId, callId, result }) => ({
    type: 'tool.done',
    data: { toolId, toolCallId: callId, result },
  }),
  'tool.failed': ({ toolId, callId, error }) => ({
    type: 'tool.failed',
    data: { toolId, toolCallId: callId, error },
  }),
  'child.started': noEvent,
  'calls.spent': noEvent,
  'file.fetched': noEvent,
  'file.failed': noEvent,
  'context.trimmed': noEvent,
  'turn.parked': noEvent,
  'review.requested': (fact) => ({
    type: 'tool.review.requested',
    data: {
      toolId: fact.toolId,
      toolCallId: fact.callId,
      toolName: fact.displayName ?? fact.name,
      arguments: fact.arguments,
      requiresApproval: true,
    },
  }),
  'review.decided': ({ toolId, callId, review }) => ({
    type: 'tool.review.done',
    data: { toolId, toolCallId: callId, review },
  }),
  'cancel.requested': noEvent,
  'turn.completed': ({ reason, usage, pending }) => ({
    type: 'response.done',
    data: {
      finishReason: reason,
      ...(usage && { usage: wireUsage(usage) }),
      ...(pending.length > 0 && { pendingToolCalls: pending.map(wirePendingCall) }),
    },
  }),
  'turn.failed': (fact) => ({
    type: 'response.failed',
    data: { error: failureText(fact), code: fact.status },
  }),
}

function wirePart({ kind, text, partId }: ReplyPart & { partId: string }): object {
  return kind === 'text' ? { kind, text } : { kind, reasoning: text, _id: partId }
}
