import type { TurnStarted } from '@longhaul/core'
import { defined } from '../shared/defined.ts'
import { isLeftOut } from './client-tools/offered-tools.ts'
import type { RecordedTool } from './client-tools/recorded-tools.ts'
import type { RequestTools } from './client-tools/request-tools.ts'
import type { Tool } from './client-tools/tool.ts'
import type { ResponseRequest } from './response-request.ts'

/** The name of this dialect, as the first fact of a turn has it. */
export const dialectName = 'openai'

/** The parameters of a request that its response repeats. An absent parameter was not sent. */
export type RequestParameters = {
  dialect: typeof dialectName
  model?: string | undefined
  background?: boolean | undefined
  /** The response does not repeat it. */
  stream?: true | undefined
  store?: boolean | undefined
  instructions?: string | undefined
  previous_response_id?: string | undefined
  conversation?: { id: string } | undefined
  max_output_tokens?: number | undefined
  max_tool_calls?: number | undefined
  metadata?: Record<string, string> | undefined
  parallel_tool_calls?: boolean | undefined
  presence_penalty?: number | undefined
  frequency_penalty?: number | undefined
  temperature?: number | undefined
  top_p?: number | undefined
  prompt_cache_key?: string | undefined
  prompt_cache_retention?: string | undefined
  reasoning?: { effort?: string; summary?: string } | undefined
  safety_identifier?: string | undefined
  service_tier?: string | undefined
  text?: { format?: Record<string, unknown>; verbosity?: string } | undefined
  tool_choice?: unknown
  tools?: Record<string, unknown>[] | undefined
  /** Tools of the client whose calls are not those of plain functions. The response does not repeat them. */
  client_tools?: RecordedTool[] | undefined
  truncation?: 'auto' | 'disabled' | undefined
  user?: string | undefined
}

/** The recorded parameters of a turn of this dialect; undefined for a turn of another dialect. */
export function recordedParametersOf({
  asked,
}: Pick<TurnStarted, 'asked'>): RequestParameters | undefined {
  return asked?.['dialect'] === dialectName ? (asked as RequestParameters) : undefined
}

/** The parameters of a request, as they are recorded. */
export function requestParametersOf(
  request: ResponseRequest,
  { recorded }: Pick<RequestTools, 'recorded'>,
): RequestParameters {
  const conversation = conversationOf(request)
  return {
    dialect: dialectName,
    ...defined({
      model: request.model,
      background: request.background,
      stream: request.stream === true ? true : undefined,
      store: request.store,
      instructions: request.instructions,
      previous_response_id: request.previous_response_id,
      conversation: conversation === undefined ? undefined : { id: conversation },
      max_output_tokens: request.max_output_tokens,
      max_tool_calls: request.max_tool_calls,
      metadata: request.metadata,
      parallel_tool_calls: request.parallel_tool_calls,
      presence_penalty: request.presence_penalty,
      frequency_penalty: request.frequency_penalty,
      temperature: request.temperature,
      top_p: request.top_p,
      prompt_cache_key: request.prompt_cache_key,
      prompt_cache_retention: request.prompt_cache_retention,
      reasoning: request.reasoning && defined(request.reasoning),
      safety_identifier: request.safety_identifier,
      service_tier: request.service_tier,
      text: request.text && defined({ ...request.text, format: formatOf(request.text.format) }),
      tool_choice: request.tool_choice,
      tools: request.tools?.flatMap(shownTool),
      client_tools: recorded.length > 0 ? recorded : undefined,
      truncation: request.truncation,
      user: request.user,
    }),
  }
}

/** A tool without those that are left out. A function has all keys that clients expect. */
function shownTool(tool: Tool): Record<string, unknown>[] {
  if (tool.type === 'namespace') {
    return [defined({ ...tool, tools: tool.tools.flatMap(shownTool) })]
  }
  if (isLeftOut(tool)) return []
  if (tool.type !== 'function') return [defined(tool)]
  const { type, name, description = null, parameters = null, strict = null } = tool
  return [{ type, name, description, parameters, strict }]
}

function formatOf(
  format: NonNullable<ResponseRequest['text']>['format'],
): Record<string, unknown> | undefined {
  if (format?.type !== 'json_schema') return format
  const { description, schema = {}, strict = false, ...rest } = format
  return { ...rest, description: description ?? null, schema, strict }
}

/** The name of the conversation that a request continues. */
export function conversationOf({ conversation }: ResponseRequest): string | undefined {
  return typeof conversation === 'object' ? conversation.id : conversation
}
