import { type Delta, type Fact, responseId, type ReplyPart, userMessageIdOf } from '@longhaul/core'
import { isoTime } from '../../shared/reply-fields.ts'
import { failureText, wirePendingCall, wireUsage } from './response-body.ts'

/** An entry of a task as an SSE event: a pure function of what is stored, so that every process sends the same. */
export function eventOf(taskId: string, entry: Fact | Delta): WireEvent | undefined {
  const content = contentOf(taskId, entry)
  return content === undefined
    ? undefined
    : { id: entry.pos, event: { ...content, timestamp: isoTime(entry.at) } }
}

export type WireEvent = { id: number; event: { type: string; timestamp: string; data: object } }

function contentOf(
  taskId: string,
  entry: Fact | Delta,
): { type: string; data: object } | undefined {
  switch (entry.type) {
    case 'turn.started':
      return {
        type: 'response.started',
        data: {
          responseId: responseId(taskId, entry.turn),
          taskId,
          model: entry.model,
          workflowRunId: entry.traceId,
          userMessageId: userMessageIdOf(entry),
          assistantMessageId: entry.assistantMessageId,
          telemetry: { trace_id: entry.traceId, span_id: entry.spanId },
        },
      }
    case 'delta':
      return { type: 'part.delta', data: { partId: entry.partId, delta: wirePart(entry) } }
    case 'part.finished':
      // What a vendor hides has no text: it is for the vendor alone.
      if (entry.text === '') return undefined
      return { type: 'part.done', data: { partId: entry.partId, part: wirePart(entry) } }
    case 'tool.called':
      return {
        type: 'tool.started',
        data: {
          toolId: entry.toolId,
          toolName: entry.displayName ?? entry.name,
          toolCallId: entry.callId,
          arguments: entry.arguments,
        },
      }
    case 'tool.returned':
      return {
        type: 'tool.done',
        data: { toolId: entry.toolId, toolCallId: entry.callId, result: entry.result },
      }
    case 'tool.failed':
      return {
        type: 'tool.failed',
        data: { toolId: entry.toolId, toolCallId: entry.callId, error: entry.error },
      }
    case 'review.requested':
      return {
        type: 'tool.review.requested',
        data: {
          toolId: entry.toolId,
          toolCallId: entry.callId,
          toolName: entry.displayName ?? entry.name,
          arguments: entry.arguments,
          requiresApproval: true,
        },
      }
    case 'review.decided':
      return {
        type: 'tool.review.done',
        data: { toolId: entry.toolId, toolCallId: entry.callId, review: entry.review },
      }
    case 'turn.completed':
      return {
        type: 'response.done',
        data: {
          finishReason: entry.reason,
          ...(entry.usage === undefined ? {} : { usage: wireUsage(entry.usage) }),
          ...(entry.pending.length === 0
            ? {}
            : { pendingToolCalls: entry.pending.map(wirePendingCall) }),
        },
      }
    case 'turn.failed':
      return { type: 'response.failed', data: { error: failureText(entry), code: entry.status } }
    case 'attempt.started':
    case 'child.started':
    case 'calls.spent':
    case 'parts.abandoned':
    case 'step.finished':
    case 'model.failed':
    case 'file.fetched':
    case 'file.failed':
    case 'context.trimmed':
    case 'turn.parked':
    case 'cancel.requested':
      return undefined
  }
}

function wirePart({ kind, text, partId }: ReplyPart & { partId: string }): object {
  return kind === 'text' ? { kind, text } : { kind, reasoning: text, _id: partId }
}
