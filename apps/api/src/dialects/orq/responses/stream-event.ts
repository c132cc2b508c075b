import { z } from 'zod'
import { freeMap, time } from '../../shared/reply-fields.ts'
import { ReasoningPart, TextPart } from './message-reply.ts'
import { FinishReason, PendingCall, Telemetry, UsageReply } from './response-reply.ts'

const part = z.discriminatedUnion('kind', [TextPart, ReasoningPart])
const call = { toolId: z.string(), toolCallId: z.string() }

/** One server-sent event: the JSON of its `data` line. Its `id` line has the id of the event in the task. */
export const StreamEvent = z
  .discriminatedUnion('type', [
    event('response.started', 'The first event of a turn. It is sent once.', {
      responseId: z.string(),
      taskId: z.string(),
      model: z.string(),
      workflowRunId: z.string().meta({ description: 'The id of the trace of the turn.' }),
      userMessageId: z.string(),
      assistantMessageId: z.string(),
      telemetry: Telemetry,
    }),
    event('part.delta', 'New text of a part. `delta` has only the new text.', {
      partId: z.string(),
      delta: part,
    }),
    event('part.done', 'A part is complete. `part` has the whole part.', {
      partId: z.string(),
      part,
    }),
    event('tool.started', 'A tool call started.', {
      ...call,
      toolName: z.string(),
      arguments: freeMap,
    }),
    event('tool.done', 'A tool call returned a result.', {
      ...call,
      result: z.unknown().optional(),
    }),
    event(
      'tool.failed',
      'A tool call failed. The model receives the error, and the turn continues.',
      {
        ...call,
        error: z.string().meta({ description: 'The error message.' }),
      },
    ),
    event('tool.review.requested', 'A tool call waits for a review.', {
      ...call,
      toolName: z.string().optional(),
      arguments: freeMap,
      requiresApproval: z.boolean(),
    }),
    event('tool.review.done', 'A review was decided, or it expired.', {
      ...call,
      review: z.enum(['approved', 'rejected']),
    }),
    event('response.done', 'The last event of a turn that completed.', {
      finishReason: FinishReason,
      usage: UsageReply.optional(),
      pendingToolCalls: z.array(PendingCall).optional(),
    }),
    event('response.failed', 'The last event of a turn that failed.', {
      error: z.string().meta({ description: 'The error message.' }),
      code: z.number().meta({
        description: 'The HTTP status that a synchronous caller receives for this error.',
      }),
    }),
  ])
  .meta({
    id: 'StreamEvent',
    description: [
      'One server-sent event: the JSON of its `data` line.',
      'The `id` line has the id of the event in its task. The stream ends with `data: [DONE]`. Lines that start with a colon keep the connection open.',
    ].join(' '),
  })

function event<T extends string, S extends z.ZodRawShape>(type: T, description: string, data: S) {
  const name = type.replaceAll(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase())
  return z
    .object({ type: z.literal(type), timestamp: time, data: z.object(data) })
    .meta({ id: `${name}Event`, description })
}
