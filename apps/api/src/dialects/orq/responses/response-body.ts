import {
  type CallRecord,
  hasEnded,
  parseArguments,
  type Result,
  responseId,
  type TaskView,
  type ToolCall,
  type Usage,
} from '@longhaul/core'
import type { AcceptedTurn } from '@longhaul/tasks'
import { isoTime } from '../../shared/reply-fields.ts'
import { briefReasonBody, reasonBody } from '../../shared/waiting.ts'

/** A message of `output` or of the message history, in its wire format. */
export type WireMessage = {
  messageId: string
  role: 'user' | 'agent' | 'tool'
  parts: Record<string, unknown>[]
  metadata?: Record<string, unknown>
}

/** A response in its wire format. An unknown value is absent, never null. */
export type ResponseBody = { output: WireMessage[]; [field: string]: unknown }

type Turn = Pick<
  AcceptedTurn,
  'taskId' | 'turn' | 'startedAt' | 'model' | 'messageId' | 'traceId' | 'spanId'
>

/** The reply to a POST that does not wait. */
export function acceptedBody(turn: Turn): ResponseBody {
  return {
    _id: responseId(turn.taskId, turn.turn),
    task_id: turn.taskId,
    output: [],
    created_at: isoTime(turn.startedAt),
    model: turn.model,
    telemetry: { trace_id: turn.traceId, span_id: turn.spanId },
  }
}

/** The reply to a synchronous POST whose turn has completed. */
export function endedBody(turn: Turn, result: Result): ResponseBody {
  return {
    ...acceptedBody(turn),
    model: result.model,
    output: [finalMessage(turn.messageId, result)],
    ...(result.usage === undefined ? {} : { usage: wireUsage(result.usage) }),
    ...('reason' in result ? { finish_reason: result.reason } : {}),
    ...(result.pending.length === 0
      ? {}
      : { pending_tool_calls: result.pending.map(wirePendingCall) }),
  }
}

/** The reply to a synchronous POST whose turn waits for reviews of calls. */
export function waitingBody(turn: Turn, calls: WaitingCall[]): ResponseBody {
  const parts = calls.map(({ callId, name, arguments: given }) => ({
    kind: 'tool_call',
    tool_name: name,
    tool_call_id: callId,
    arguments: given,
  }))
  return {
    ...acceptedBody(turn),
    output: [{ messageId: turn.messageId, role: 'agent', parts }],
    finish_reason: 'tool_calls',
  }
}

type WaitingCall = { callId: string; name: string; arguments: Record<string, unknown> }

/** The reply to a GET: the latest turn of a task. */
export function taskBody(view: TaskView): ResponseBody {
  const { taskId, turn, started, notes: callerMetadata, result } = view
  const latest: Turn = { taskId, turn, startedAt: started.at, ...started }
  const status = wireStatus(view)
  if (result === undefined || status === 'in_progress') {
    const waiting = view.waiting && { waiting: reasonBody(view.waiting) }
    return { ...acceptedBody(latest), ...callerMetadata, status, ...waiting }
  }
  return {
    ...endedBody(latest, result),
    ...callerMetadata,
    status,
    ...('failure' in result && { error: failureText(result.failure) }),
  }
}

/** The same as an item of a list. */
export function listedTaskBody(view: TaskView): ResponseBody {
  const body = taskBody(view)
  return view.waiting === undefined ? body : { ...body, waiting: briefReasonBody(view.waiting) }
}

export function wireStatus({ status, result }: TaskView): 'in_progress' | 'completed' | 'failed' {
  if (!hasEnded(status) || result === undefined) return 'in_progress'
  return 'failure' in result ? 'failed' : 'completed'
}

/** The `error` of a failed turn. It starts with the code. */
export function failureText({ code, message }: { code: string; message: string }): string {
  return code === 'cancelled' ? code : `${code}: ${message}`
}

export function wirePendingCall(call: ToolCall): Record<string, unknown> {
  return {
    id: call.callId,
    type: 'function',
    function: { name: call.name, arguments: call.arguments.trim() === '' ? '{}' : call.arguments },
  }
}

export function wireUsage(usage: Usage): Record<string, unknown> {
  const { cachedTokens, cacheCreationTokens, reasoningTokens } = usage
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens,
    ...(cachedTokens === undefined && cacheCreationTokens === undefined
      ? {}
      : {
          prompt_tokens_details: {
            ...(cachedTokens === undefined ? {} : { cached_tokens: cachedTokens }),
            ...(cacheCreationTokens === undefined
              ? {}
              : { cache_creation_tokens: cacheCreationTokens }),
          },
        }),
    ...(reasoningTokens === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
  }
}

/** One message, its text first: all known clients read it as the answer. */
function finalMessage(messageId: string, result: Result): WireMessage {
  const message: WireMessage = { messageId, role: 'agent', parts: partsOf(result) }
  if (result.calls.length > 0) message.metadata = { tool_calls: result.calls.map(wireCallRecord) }
  return message
}

function partsOf(result: Result): Record<string, unknown>[] {
  if ('failure' in result) {
    const { failure } = result
    return [{ kind: 'error', error: failureText(failure), code: failure.status }]
  }
  const text = { kind: 'text', text: result.text }
  if (result.pending.length === 0) return [text]
  return [...(result.text.trim() === '' ? [] : [text]), ...result.pending.map(wireCallPart)]
}

/** A call as a part of a message. Its arguments are an object. Those of a pending call are text. */
export function wireCallPart(call: ToolCall): Record<string, unknown> {
  return {
    kind: 'tool_call',
    tool_name: call.name,
    tool_call_id: call.callId,
    arguments: parseArguments(call.arguments) ?? {},
  }
}

function wireCallRecord(call: CallRecord): Record<string, unknown> {
  return {
    id: call.callId,
    name: call.name,
    arguments: call.arguments,
    ...('result' in call ? { result: call.result } : {}),
    ...(call.error === undefined ? {} : { error: call.error }),
    ...(call.ms === undefined ? {} : { ms: call.ms }),
  }
}
