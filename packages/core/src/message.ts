import { z } from 'zod'

/** A call that the model asked for; `arguments` is the JSON text it wrote. */
export type ToolCall = {
  callId: string
  name: string
  arguments: string
  /** Why it cannot run: unknown tool, arguments that are no JSON or do not fit. The model reads it. */
  problem?: string
  /** Why it is not made, and no fact but this tells of it: the reply has too many. The model reads it. */
  notMade?: string
  vendor?: VendorData
}

/**
 * What a vendor gave beside a part or a call and wants back with it, such as a signature of its
 * reasoning; by the vendor's name, and meaningless to every other one.
 */
export type VendorData = Record<string, Record<string, unknown>>

/** A file as the caller sends it: its bytes in base64, or the http address that they are fetched from. */
export const InputFile = z.object({
  mimeType: z.string().optional(),
  name: z.string().optional(),
  bytes: z.string().optional(),
  uri: z.string().optional(),
})
export type InputFile = z.infer<typeof InputFile>

/** What a caller says: text and files, or the results of client-side functions. */
export const InputPart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('file'), file: InputFile }),
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
export type ReplyPart = { kind: 'text' | 'reasoning'; text: string; vendor?: VendorData }

/** One part of what a user says to a model; `data` is a file's bytes in base64. */
export type UserPart = { kind: 'text'; text: string } | UserFile
export type UserFile = { kind: 'file'; mimeType: string; name?: string; data: string }

/** What a model is given. Roles alternate, every call has its result right after it, nothing is empty. */
export type Message =
  | { role: 'user'; parts: UserPart[] }
  | { role: 'assistant'; parts: ReplyPart[]; calls: HistoryCall[] }
  | { role: 'tool'; results: HistoryResult[] }

export type HistoryCall = {
  callId: string
  name: string
  arguments: Record<string, unknown>
  vendor?: VendorData
}
export type HistoryResult = { callId: string; name: string; text: string; failed: boolean }

export type Usage = {
  inputTokens: number
  outputTokens: number
  totalTokens: number
  cachedTokens?: number
  cacheCreationTokens?: number
  reasoningTokens?: number
}
