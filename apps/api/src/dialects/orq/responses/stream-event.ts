import { z } from 'zod'
import { freeMap, time } from '../../shared/reply-fields.ts'
import { ReasoningPart, TextPart } from './message-reply.ts'
import { FinishReason, PendingCall, Telemetry, UsageReply } from './response-reply.ts'

const part = z.discriminatedUnion('kind', [TextPart, ReasoningPart])
const call = { toolId: z.string(), toolCallId: z.string() }

/** One server-sent event: the JSON of its `data` line. Its `id` line is the number of the event in the task. */
export const StreamEvent = z
  .discriminatedUnion('type', [
    event('response.started', 'The first event; sent once.', {
      responseId: z.string(),
      taskId: z.string(),
      model: z.string(),
      workflowRunId: z.string(),
      userMessageId: z.string(),
      assistantMessageId: z.string(),
      telemetry: Telemetry,
    }),
    event('part.delta', 'New text of a part: only what is new.', {
      partId: z.string(),
      delta: part,
    }),
    event('part.done', 'A part is complete: all of it.', { partId: z.string(), part }),
    event('tool.started', 'A tool begins to run.', {
      ...call,
      toolName: z.string(),
      arguments: freeMap,
    }),
    event('tool.done', 'A tool has returned.', { ...call, result: z.unknown().optional() }),
    event('tool.failed', 'A tool failed. The model receives the error, and the turn continues.', {
      ...call,
      error: z.string(),
    }),
    event('tool.review.requested', 'A call waits for approval.', {
      ...call,
      toolName: z.string().optional(),
      arguments: freeMap,
      requiresApproval: z.boolean(),
    }),
    event('tool.review.done', 'A review was decided, or it expired.', {
      ...call,
      review: z.enum(['approved', 'rejected']),
    }),
    event('response.done', 'The last event of a turn that ended well.', {
      finishReason: FinishReason,
      usage: UsageReply.optional(),
      pendingToolCalls: z.array(PendingCall).optional(),
    }),
    event('response.failed', 'The last event of a turn that failed.', {
      error: z.string(),
      code: z.number().meta({ description: 'The status that a synchronous caller gets.' }),
    }),
  ])
  .meta({
    id: 'StreamEvent',
    description: [
      'One server-sent event: the JSON of its `data` line.',
      'The `id` line beside it is the place of the event in its task. The stream ends with `data: [DONE]`. Lines that begin with a colon keep the connection open.',
    ].join(' '),
  })

function event<T extends string, S extends z.ZodRawShape>(type: T, description: string, data: S) {
  const name = type.replaceAll(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase())
  return z
    .object({ type: z.literal(type), timestamp: time, data: z.object(data) })
    .meta({ id: `${name}Event`, description })
}
