import { Engine, type InputFile, type InputPart, limits } from '@longhaul/core'
import type { TurnRequest } from '@longhaul/tasks'
import { z } from 'zod'
import {
  callerMetadataOf,
  Identity,
  kept,
  keptIdentity,
  labelsOf,
  Memory,
  Thread,
} from '../../shared/caller-metadata.ts'
import { line, map } from '../../shared/request-fields.ts'
import { fairnessKeyFrom, TurnOptions } from '../../shared/turn-options.ts'

const id = line.min(1).max(limits.fields.id)

const TextPart = z.object({ kind: z.literal('text'), text: z.string() })
/** A PNG of one pixel. */
const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const about = {
  mimeType: z
    .string()
    .max(limits.fields.name)
    .nullish()
    .meta({ description: 'The media type of the file, such as `application/pdf`.' }),
  name: z
    .string()
    .max(limits.fields.fileName)
    .nullish()
    .meta({ description: 'The name of the file.' }),
}
const FilePart = z.object({
  kind: z.literal('file'),
  // If a file has both, its bytes take precedence.
  file: z.union(
    [
      z.object({
        bytes: z
          .string()
          .min(1)
          .meta({ description: 'The bytes of the file, in base64.', examples: [onePixel] }),
        ...about,
      }),
      z.object({
        uri: z
          .string()
          .min(1)
          .max(limits.fields.url)
          .meta({
            description:
              'The URL of the file. It is fetched when the turn runs, and its content is stored.',
            examples: ['https://example.com/plan.pdf'],
          }),
        ...about,
      }),
    ],
    { error: 'needs bytes, or a uri' },
  ),
  metadata: map.nullish(),
})
const ErrorPart = z.object({
  kind: z.literal('error'),
  error: z.string().meta({ description: 'A message that describes an error.' }),
  code: z.number().nullish().meta({ description: 'The code of the error.' }),
})
const ToolResultPart = z.object({
  kind: z.literal('tool_result'),
  tool_call_id: id.meta({ description: 'The id of the pending tool call.' }),
  result: z
    .unknown()
    .optional()
    .meta({ description: 'The result: any JSON value. Default: null.' }),
  metadata: map.nullish().meta({ description: 'Ignored. It is not stored.' }),
})

const parts = <T extends z.ZodType>(part: T) => z.array(part).min(1, 'is empty').max(limits.parts)

const Message = z.discriminatedUnion(
  'role',
  [
    z.object({
      role: z.literal('user'),
      messageId: id
        .nullish()
        .meta({ description: 'The id of the message. By default the server creates one.' }),
      parts: parts(
        z.discriminatedUnion('kind', [TextPart, FilePart, ErrorPart], {
          error: 'a user message holds text, file or error parts',
        }),
      ),
    }),
    z.object({
      role: z.literal('tool'),
      messageId: id
        .nullish()
        .meta({ description: 'The id of the message. By default the server creates one.' }),
      parts: parts(
        z.discriminatedUnion('kind', [ToolResultPart], {
          error: 'a tool message holds tool_result parts only',
        }),
      ),
    }),
  ],
  { error: 'must be user or tool' },
)

/** Nullish, not optional: some clients send null for an absent value. */
export const ResponseRequest = z.object({
  message: Message.meta({
    description: 'The message of the user, or the results of pending tool calls.',
  }),
  task_id: id.nullish().meta({
    description:
      'The id of the task to continue, or of one of its responses. By default a new task starts.',
  }),
  variables: map.nullish().meta({
    description:
      'Values for the templates of the agent and of the message. A value of the form `{ "secret": true, "value": "…" }` is passed to tools only, never to a model.',
  }),
  identity: Identity.nullish().meta({ description: keptIdentity }),
  contact: Identity.nullish().meta({
    description: 'The older name of `identity`. If both are present, `identity` takes precedence.',
    deprecated: true,
  }),
  thread: Thread.nullish().meta({ description: kept }),
  memory: Memory.nullish().meta({ description: kept }),
  metadata: map.nullish().meta({ description: kept }),
  engine: Engine.nullish().meta({
    description: 'The template engine for this turn. Default: the engine of the agent.',
  }),
  configuration: z
    .object({ blocking: z.boolean().nullish() })
    .nullish()
    .meta({ description: 'It has no effect: only `background` decides whether the reply waits.' }),
  background: z
    .boolean()
    .nullish()
    .meta({ description: 'Whether the server replies at once, while the turn continues.' }),
  stream: z.boolean().nullish().meta({
    description:
      'Whether the reply is a stream of server-sent events. It takes precedence over `background`.',
  }),
  conversation: z.object({ _id: id }).nullish().meta({ description: kept }),
  longhaul: TurnOptions.nullish(),
})
ResponseRequest.register(z.globalRegistry, {
  id: 'CreateResponse',
  examples: [
    { message: { role: 'user', parts: [{ kind: 'text', text: 'What is the date today?' }] } },
  ],
})
export type ResponseRequest = z.output<typeof ResponseRequest>

export function toTurnRequest(
  request: ResponseRequest,
  caller: { workspace: string; agent: string },
): TurnRequest {
  const { message, task_id: taskId, variables, engine } = request
  const callerMetadata = callerMetadataOf({
    ...request,
    identity: request.identity ?? request.contact,
  })
  const labels = labelsOf(callerMetadata)
  const fairnessKey = fairnessKeyFrom(callerMetadata.identity?.id)
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
    ...(fairnessKey !== undefined && { fairnessKey }),
    ...(Object.keys(callerMetadata).length === 0 ? {} : { notes: callerMetadata, labels }),
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

function toInputFile(file: z.output<typeof FilePart>['file']): InputFile {
  const { mimeType, name } = file
  return {
    ...('bytes' in file ? { bytes: file.bytes } : { uri: file.uri }),
    ...(mimeType == null ? {} : { mimeType }),
    ...(name == null ? {} : { name }),
  }
}
