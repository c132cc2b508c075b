import {
  type Fact,
  parseArguments,
  responseId,
  type Said,
  type ToolCall,
  type Usage,
  userMessageIdOf,
} from '@longhaul/core'
import { wireInputPart, wireSaid } from '../responses/message-history.ts'
import { maskSecrets } from '../mask-secrets.ts'
import { isoTime } from '../../shared/reply-fields.ts'
import { wirePendingCall, wireUsage } from '../responses/response-body.ts'

/** Where a fact stands: the number in its log, from 0, and the turn that it belongs to. */
type Place = { taskId: string; number: number; turn: number }

/** A fact as the log tells it: all that it holds, but for secrets, and for what only a vendor can read. */
export function logEntry(fact: Fact, { taskId, number, turn }: Place): Record<string, unknown> {
  return {
    id: fact.pos,
    number,
    type: fact.type,
    at: isoTime(fact.at),
    turn,
    response_id: responseId(taskId, turn),
    ...contentOf(fact),
  }
}

function wireBefore(said: Said): Record<string, unknown> {
  if (said.role === 'system') return { role: said.role, parts: [{ kind: 'text', text: said.text }] }
  return { role: said.role === 'assistant' ? 'agent' : said.role, parts: wireSaid(said) }
}

function contentOf(fact: Fact): Record<string, unknown> {
  switch (fact.type) {
    case 'turn.started': {
      const { message, redrive, variables, notes, asked, parent } = fact
      // What was copied from another task is read there, for as long as it is not deleted.
      const before = fact.before?.slice(fact.copied ?? 0) ?? []
      return {
        ...(before.length > 0 && { before: before.map(wireBefore) }),
        ...(message && {
          message: {
            messageId: message.messageId,
            role: message.role,
            parts: message.parts.map(wireInputPart),
          },
        }),
        ...(redrive && { goes_on_from_turn: redrive.turn }),
        ...(variables && { variables: maskSecrets(variables) }),
        ...(fact.engine && { engine: fact.engine }),
        ...(notes && { notes }),
        ...(asked && { asked }),
        ...(parent && {
          parent: {
            task_id: parent.taskId,
            response_id: responseId(parent.taskId, parent.turn),
            tool_call_id: parent.callId,
            depth: parent.depth,
          },
        }),
        model: fact.model,
        plan: fact.plan,
        user_message_id: userMessageIdOf(fact),
        assistant_message_id: fact.assistantMessageId,
        trace_id: fact.traceId,
        span_id: fact.spanId,
      }
    }
    case 'attempt.started':
      return { attempt: fact.attempt, epoch: fact.epoch }
    case 'parts.abandoned':
      return {
        parts: fact.parts.map(({ partId, kind, deltas }) => ({ part_id: partId, kind, deltas })),
      }
    case 'part.finished': {
      const { step, partId, kind, text, deltas } = fact
      return { step, part_id: partId, kind, text, deltas }
    }
    case 'step.finished':
      return {
        step: fact.step,
        model: fact.model,
        model_index: fact.modelIndex,
        reason: fact.reason,
        calls: fact.calls.map(call),
        ...(fact.problem !== undefined && { problem: fact.problem }),
        ...(fact.usage && { usage: wireUsage(fact.usage) }),
        ms: fact.ms,
      }
    case 'model.failed':
      return {
        step: fact.step,
        model: fact.model,
        model_index: fact.modelIndex,
        code: fact.code,
        message: fact.message,
        ...(fact.status !== undefined && { status: fact.status }),
        retryable: fact.retryable,
        wait_ms: fact.wait,
        ms: fact.ms,
      }
    case 'tool.called':
      return {
        ...toolOf(fact),
        tool_name: fact.name,
        ...(fact.displayName !== undefined && { display_name: fact.displayName }),
        arguments: fact.arguments,
      }
    case 'tool.returned':
      return { ...toolOf(fact), result: fact.result, ms: fact.ms, ...usageOf(fact) }
    case 'tool.failed':
      return { ...toolOf(fact), error: fact.error, ms: fact.ms, ...usageOf(fact) }
    case 'child.started':
      return { tool_call_id: fact.callId, task_id: fact.taskId, agent: fact.agent }
    case 'calls.spent':
      return {}
    case 'file.fetched':
      // Base64 has four characters for three bytes.
      return {
        file_id: fact.fileId,
        mime_type: fact.mimeType,
        bytes: Math.floor((fact.data.replace(/=+$/, '').length * 3) / 4),
      }
    case 'file.failed':
      return { file_id: fact.fileId, error: fact.error }
    case 'context.trimmed':
      return {
        because: fact.because,
        messages: fact.messages,
        steps: fact.steps,
        contents: fact.contents,
      }
    case 'turn.parked':
      return { until: isoTime(fact.until) }
    case 'review.requested':
      return {
        ...toolOf(fact),
        tool_name: fact.name,
        ...(fact.displayName !== undefined && { display_name: fact.displayName }),
        arguments: fact.arguments,
        ...(fact.because && { because: fact.because }),
        until: isoTime(fact.until),
      }
    case 'review.decided':
      return {
        ...toolOf(fact),
        review: fact.review,
        ...(fact.reason !== undefined && { reason: fact.reason }),
        ...(fact.arguments && { arguments: fact.arguments }),
        by: fact.by,
      }
    case 'cancel.requested':
      return { reason: fact.reason }
    case 'turn.completed':
      return {
        finish_reason: fact.reason,
        ...(fact.usage && { usage: wireUsage(fact.usage) }),
        ...(fact.pending.length > 0 && { pending_tool_calls: fact.pending.map(wirePendingCall) }),
      }
    case 'turn.failed':
      return { code: fact.code, message: fact.message, status: fact.status }
  }
}

function usageOf({ usage }: { usage?: Usage }) {
  return usage && { usage: wireUsage(usage) }
}

function toolOf({ callId, toolId }: { callId: string; toolId: string }) {
  return { tool_call_id: callId, tool_id: toolId }
}

/** Its arguments as an object, or, where the model wrote something else, as it wrote them. */
function call({ callId, name, arguments: text, problem, notMade }: ToolCall) {
  return {
    tool_call_id: callId,
    tool_name: name,
    arguments: parseArguments(text) ?? text,
    ...(problem !== undefined && { problem }),
    ...(notMade !== undefined && { not_made: notMade }),
  }
}
