import type { TurnStarted } from '@longhaul/core'

/** What a request of this dialect has said, as its response says it again; what is absent was not said. */
export type Asked = {
  dialect: 'openai'
  model?: string | undefined
  background?: boolean | undefined
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
  truncation?: 'auto' | 'disabled' | undefined
  user?: string | undefined
}

/** What was said when a turn began in this dialect; undefined when it began in another. */
export function askedIn({ asked }: Pick<TurnStarted, 'asked'>): Asked | undefined {
  return asked?.['dialect'] === 'openai' ? (asked as Asked) : undefined
}
