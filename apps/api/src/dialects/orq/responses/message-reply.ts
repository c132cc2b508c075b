import { z } from 'zod'
import { freeMap } from '../../shared/reply-fields.ts'

export const TextPart = z
  .object({ kind: z.literal('text'), text: z.string() })
  .meta({ id: 'TextPart' })

/** A part of a stream only: messages never have one. */
export const ReasoningPart = z
  .object({ kind: z.literal('reasoning'), reasoning: z.string(), _id: z.string() })
  .meta({ id: 'ReasoningPart' })

const file = {
  bytes: z.string().optional(),
  uri: z.string().optional(),
  mimeType: z.string().optional(),
  name: z.string().optional(),
}

/** The files of a tool's result. */
export const ResultFiles = z.array(z.object(file)).optional().meta({
  description:
    'The images and documents of the result: their bytes in base64, or their URLs. Absent without files.',
})

const FilePart = z
  .object({ kind: z.literal('file'), file: z.object(file) })
  .meta({ id: 'FilePart', description: 'A file as the caller sent it: its bytes, or its URL.' })

const ErrorPart = z
  .object({ kind: z.literal('error'), error: z.string(), code: z.number().optional() })
  .meta({ id: 'ErrorPart' })

const ToolCallPart = z
  .object({
    kind: z.literal('tool_call'),
    tool_name: z.string(),
    tool_call_id: z.string(),
    arguments: freeMap,
  })
  .meta({ id: 'ToolCallPart' })

const ToolResultPart = z
  .object({
    kind: z.literal('tool_result'),
    tool_call_id: z.string(),
    result: z.unknown(),
    files: ResultFiles,
  })
  .meta({ id: 'ToolResultPart' })

const CallRecord = z
  .object({
    id: z.string(),
    name: z.string(),
    arguments: freeMap,
    result: z
      .unknown()
      .optional()
      .meta({ description: 'The result. Absent if the call failed or has not ended.' }),
    error: z.string().optional().meta({ description: 'The error. Only if the call failed.' }),
    ms: z.number().optional().meta({ description: 'Duration in milliseconds.' }),
  })
  .meta({ id: 'CallRecord', description: 'A tool call of the turn. Large values are truncated.' })

/** A message and its role. */
export const MessageReply = z
  .object({
    messageId: z.string(),
    role: z.enum(['user', 'agent', 'tool']).meta({ description: 'The author of the message.' }),
    parts: z.array(
      z.discriminatedUnion('kind', [TextPart, FilePart, ErrorPart, ToolCallPart, ToolResultPart]),
    ),
    metadata: z.object({ tool_calls: z.array(CallRecord) }).optional(),
  })
  .meta({ id: 'Message', description: 'A message and its role.' })
