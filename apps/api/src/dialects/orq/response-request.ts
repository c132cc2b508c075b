import { Engine, type InputFile, type InputPart, limits } from '@longhaul/core'
import type { TurnRequest } from '@longhaul/tasks'
import { z } from 'zod'
import { labelsOf, notesOf } from './notes.ts'

const id = z.string().min(1).max(512)
const map = z
  .record(z.string(), z.unknown())
  .refine(
    (value) => Object.keys(value).length <= limits.mapKeys,
    `has more than ${limits.mapKeys} keys`,
  )

const TextPart = z.object({ kind: z.literal('text'), text: z.string() })
const FilePart = z.object({
  kind: z.literal('file'),
  file: z
    .object({
      bytes: z.string().min(1).nullish(),
      uri: z.string().max(8_000).nullish(),
      mimeType: z.string().max(256).nullish(),
      name: z.string().max(1_024).nullish(),
    })
    .refine(({ bytes, uri }) => bytes != null || uri != null, 'needs bytes or a uri'),
  metadata: map.nullish(),
})
const ErrorPart = z.object({
  kind: z.literal('error'),
  error: z.string(),
  code: z.number().nullish(),
})
const ToolResultPart = z.object({
  kind: z.literal('tool_result'),
  tool_call_id: id,
  result: z.unknown(),
  metadata: map.nullish(),
})

const parts = <T extends z.ZodType>(part: T) => z.array(part).min(1, 'is empty').max(limits.parts)

const Message = z.discriminatedUnion(
  'role',
  [
    z.object({
      role: z.literal('user'),
      messageId: id.nullish(),
      parts: parts(
        z.discriminatedUnion('kind', [TextPart, FilePart, ErrorPart], {
          error: 'a user message holds text, file or error parts',
        }),
      ),
    }),
    z.object({
      role: z.literal('tool'),
      messageId: id.nullish(),
      parts: parts(
        z.discriminatedUnion('kind', [ToolResultPart], {
          error: 'a tool message holds tool_result parts only',
        }),
      ),
    }),
  ],
  { error: 'must be user or tool' },
)

const Identity = z.object({
  id: id,
  display_name: z.string().max(1_024).nullish(),
  email: z.email().nullish(),
  metadata: z.array(map).max(100).nullish(),
  logo_url: z.string().max(4_096).nullish(),
  tags: z.array(z.string().max(256)).max(100).nullish(),
})

/** Nullish, not optional: some clients send null where they mean "not given". It counts as absent. */
export const ResponseRequest = z.object({
  message: Message,
  task_id: id.nullish(),
  variables: map.nullish(),
  identity: Identity.nullish(),
  contact: Identity.nullish(),
  thread: z.object({ id: id, tags: z.array(z.string().max(256)).max(100).nullish() }).nullish(),
  memory: z.object({ entity_id: id }).nullish(),
  metadata: map.nullish(),
  engine: Engine.nullish(),
  configuration: z.object({ blocking: z.boolean().nullish() }).nullish(),
  background: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  conversation: z.object({ _id: id }).nullish(),
})
export type ResponseRequest = z.output<typeof ResponseRequest>

export function toTurnRequest(
  request: ResponseRequest,
  caller: { workspace: string; agent: string },
): TurnRequest {
  const { message, task_id: taskId, variables, engine } = request
  const notes = notesOf(request)
  const labels = labelsOf(notes)
  return {
    ...caller,
    message: {
      role: message.role,
      parts: message.parts.map(toInputPart),
      ...(message.messageId == null ? {} : { messageId: message.messageId }),
    },
    ...(taskId == null ? {} : { taskId }),
    ...(variables == null ? {} : { variables }),
    ...(engine == null ? {} : { engine }),
    ...(Object.keys(notes).length === 0 ? {} : { notes, labels }),
  }
}

function toInputPart(
  part: z.output<typeof TextPart | typeof FilePart | typeof ErrorPart | typeof ToolResultPart>,
): InputPart {
  switch (part.kind) {
    case 'text':
      return { kind: 'text', text: part.text }
    case 'file':
      return { kind: 'file', file: toInputFile(part.file) }
    case 'error':
      return {
        kind: 'error',
        error: part.error,
        ...(part.code == null ? {} : { code: part.code }),
      }
    case 'tool_result':
      return { kind: 'tool_result', callId: part.tool_call_id, result: part.result ?? null }
  }
}

/** Its bytes count where there are both. */
function toInputFile({ bytes, uri, mimeType, name }: z.output<typeof FilePart>['file']): InputFile {
  return {
    ...(bytes == null ? { uri: uri ?? '' } : { bytes }),
    ...(mimeType == null ? {} : { mimeType }),
    ...(name == null ? {} : { name }),
  }
}
