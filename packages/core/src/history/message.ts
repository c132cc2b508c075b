import { z } from 'zod'

/** A value that is undefined when its JSON has no such field. */
export const StoredValue = z.unknown().default(undefined)

/**
 * Data that a vendor adds to a part or a call and expects back with it, such as a signature of its reasoning. By the
 * vendor's name; no other vendor can use it.
 */
export const VendorData = z.record(z.string(), z.record(z.string(), z.unknown()))
export type VendorData = z.infer<typeof VendorData>

/** A call that the model requests. `arguments` is the JSON text that the model wrote. */
export const ToolCall = z.object({
  callId: z.string(),
  name: z.string(),
  arguments: z.string(),
  /**
   * Why the call cannot run: the tool is unknown, or the arguments are not JSON or do not match the schema. The model
   * reads it.
   */
  problem: z.string().exactOptional(),
  /** Why the call is not made when no other fact states it: the reply has too many calls. The model reads it. */
  notMade: z.string().exactOptional(),
  vendor: VendorData.exactOptional(),
})
export type ToolCall = z.infer<typeof ToolCall>

/** A file as the caller sends it: its bytes in base64, or the HTTP address from which they are fetched. */
export const InputFile = z.object({
  mimeType: z.string().optional(),
  name: z.string().optional(),
  bytes: z.string().optional(),
  uri: z.string().optional(),
})
export type InputFile = z.infer<typeof InputFile>

/** One part of a caller's message: text, a file, or the result of a client-side function. */
export const InputPart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('file'), file: InputFile }),
  z.object({ kind: z.literal('error'), error: z.string(), code: z.number().optional() }),
  z.object({
    kind: z.literal('tool_result'),
    callId: z.string(),
    result: StoredValue,
  }),
])
export type InputPart = z.infer<typeof InputPart>

export const InputMessage = z.object({
  messageId: z.string(),
  role: z.enum(['user', 'tool']),
  parts: z.array(InputPart),
})
export type InputMessage = z.infer<typeof InputMessage>

/** The sources of a text, as objects of OpenAI Responses: `url_citation`, `file_citation` and others. */
export const Annotations = z.array(z.record(z.string(), z.unknown()))
export type Annotations = z.infer<typeof Annotations>

/** One part of a model's answer. */
export const ReplyPart = z.object({
  kind: z.enum(['text', 'reasoning']),
  text: z.string(),
  /** Only of a text: the model refuses to answer, and says why. */
  refusal: z.literal(true).exactOptional(),
  annotations: Annotations.exactOptional(),
  vendor: VendorData.exactOptional(),
})
export type ReplyPart = z.infer<typeof ReplyPart>

/** Why a model ended its reply. */
export const ModelStopReason = z.enum(['stop', 'length', 'content_filter', 'tool_calls'])
export type ModelStopReason = z.infer<typeof ModelStopReason>

/** One part of a user message to a model. `data` is the bytes of a file in base64. */
export type UserPart = { kind: 'text'; text: string } | UserFile
export type UserFile = { kind: 'file'; mimeType: string; name?: string; data: string }

/** One message of a model call. Roles alternate, the result of each call follows it directly, and no message is empty. */
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

export const Usage = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  totalTokens: z.number(),
  cachedTokens: z.number().exactOptional(),
  cacheCreationTokens: z.number().exactOptional(),
  reasoningTokens: z.number().exactOptional(),
})
export type Usage = z.infer<typeof Usage>
