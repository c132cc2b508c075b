import { type FinishReason, responseId, type TurnStarted, type Usage } from '@longhaul/core'
import type { ResponseError } from '../failed-turn.ts'
import { dialectName, recordedParametersOf } from '../request-parameters.ts'
import type { Item } from './output-item.ts'

export type Status = 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelled' | 'incomplete'

/** The progress of a turn. */
export type Progress = {
  status: Status
  output: Item[]
  usage: Usage | undefined
  /** Epoch milliseconds. */
  completedAt: number | undefined
  error: ResponseError | undefined
  incomplete: string | undefined
}

/** A response in its wire format. It has every key: an unknown value is null or the default. */
export type ResponseBody = {
  id: string
  status: Status
  background: boolean
  error: ResponseError | null
  output: Item[]
} & Record<string, unknown>

/** The response of a turn of any dialect. */
export function responseBody(
  taskId: string,
  started: TurnStarted & { at: number },
  { status, output, usage, completedAt, error, incomplete }: Progress,
): ResponseBody {
  // A turn of another dialect counts as a background turn: it continues without its caller.
  const parameters = recordedParametersOf(started) ?? { dialect: dialectName, background: true }
  const { format = { type: 'text' }, verbosity } = parameters.text ?? {}
  return {
    id: responseId(taskId, started.turn),
    object: 'response',
    created_at: seconds(started.at),
    completed_at: completedAt === undefined ? null : seconds(completedAt),
    status,
    background: parameters.background ?? false,
    error: error ?? null,
    incomplete_details: incomplete === undefined ? null : { reason: incomplete },
    model: parameters.model ?? started.model,
    output,
    usage: usage === undefined ? null : wireUsage(usage),
    input: null,
    instructions: parameters.instructions ?? null,
    previous_response_id: parameters.previous_response_id ?? null,
    ...(parameters.conversation !== undefined && { conversation: parameters.conversation }),
    max_output_tokens: parameters.max_output_tokens ?? null,
    max_tool_calls: parameters.max_tool_calls ?? null,
    metadata: parameters.metadata ?? {},
    parallel_tool_calls: parameters.parallel_tool_calls ?? true,
    presence_penalty: parameters.presence_penalty ?? 0,
    frequency_penalty: parameters.frequency_penalty ?? 0,
    temperature: parameters.temperature ?? 1,
    top_p: parameters.top_p ?? 1,
    top_logprobs: 0,
    prompt_cache_key: parameters.prompt_cache_key ?? null,
    prompt_cache_options: null,
    prompt_cache_retention: parameters.prompt_cache_retention ?? null,
    reasoning:
      parameters.reasoning === undefined
        ? null
        : { effort: null, summary: null, ...parameters.reasoning },
    safety_identifier: parameters.safety_identifier ?? null,
    service_tier: parameters.service_tier ?? 'default',
    store: parameters.store ?? true,
    text: { format, ...(verbosity !== undefined && { verbosity }) },
    tool_choice: parameters.tool_choice ?? 'auto',
    tools: parameters.tools ?? [],
    // A conversation is trimmed, unless the request forbids it.
    truncation: parameters.truncation ?? 'auto',
    user: parameters.user ?? null,
    telemetry: { trace_id: started.traceId, span_id: started.spanId },
  }
}

/** The reason why a completed turn has an incomplete answer; undefined if the answer is complete. */
export function whyIncomplete(reason: FinishReason): string | undefined {
  switch (reason) {
    case 'stop':
    case 'function_call':
      return undefined
    case 'length':
      return 'max_output_tokens'
    case 'content_filter':
    case 'max_iterations':
    case 'max_time':
      return reason
  }
}

function wireUsage(usage: Usage): Record<string, unknown> {
  const written = usage.cacheCreationTokens ?? 0
  return {
    input_tokens: usage.inputTokens,
    // The tokens that were written to a cache have two names, and some clients need both.
    input_tokens_details: {
      cached_tokens: usage.cachedTokens ?? 0,
      cache_creation_tokens: written,
      cache_write_tokens: written,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.totalTokens,
  }
}

/** Converts epoch milliseconds to Unix seconds. */
export function seconds(ms: number): number {
  return Math.floor(ms / 1_000)
}
