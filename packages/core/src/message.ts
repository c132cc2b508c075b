import { z } from 'zod'

/** A call that the model asked for; `arguments` is the JSON text it wrote. */
export type ToolCall = {
  callId: string
  name: string
  arguments: string
  /** Why it cannot run: unknown tool, arguments that are no JSON or do not fit. The model reads it. */
  problem?: string
}

/** What a caller says: text, or the results of client-side functions. */
export const InputPart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('error'), error: z.string(), code: z.number().optional() }),
  z.object({
    kind: z.literal('tool_result'),
    callId: z.string(),
    result: z.unknown(),
  }),
])
export type InputPart = z.infer<typeof InputPart>

export type InputMessage = { messageId: string; role: 'user' | 'tool'; parts: InputPart[] }

/** One part of a model's answer. */
export type ReplyPart = { kind: 'text' | 'reasoning'; text: string }

/** What a model is given. Roles alternate, every call has its result right after it, nothing is empty. */
export type Message =
  | { role: 'user'; text: string }
  | { role: 'assistant'; parts: ReplyPart[]; calls: HistoryCall[] }
  | { role: 'tool'; results: HistoryResult[] }

export type HistoryCall = { callId: string; name: string; arguments: Record<string, unknown> }
export type HistoryResult = { callId: string; name: string; text: string; failed: boolean }

export type Usage = {
  inputTokens: number
  outputTokens: number
  totalTokens: number
  cachedTokens?: number
  cacheCreationTokens?: number
  reasoningTokens?: number
}
