import { z } from 'zod'
import { MessageReply } from '../responses/message-reply.ts'
import { pageReply } from '../../shared/page.ts'
import { freeMap, time } from '../../shared/reply-fields.ts'
import { FinishReason, PendingCall, UsageReply } from '../responses/response-reply.ts'

const call = z.object({ tool_call_id: z.string(), tool_id: z.string() })
const ms = z.number().meta({ description: 'How long it took, milliseconds.' })
const step = z.int().meta({ description: 'The number of the model call in its turn, from 1.' })

const entries = [
  entry('turn.started', 'Somebody said something, or had a failed turn go on.', {
    before: z
      .array(MessageReply.pick({ parts: true }).extend({ role: z.string() }))
      .optional()
      .meta({ description: 'What was said before it, in its request or where its task forked.' }),
    message: MessageReply.optional(),
    goes_on_from_turn: z.int().optional(),
    variables: freeMap.optional().meta({ description: 'Secrets masked.' }),
    engine: z.string().optional(),
    notes: freeMap.optional().meta({ description: 'What the caller told of itself and the run.' }),
    asked: freeMap.optional().meta({
      description: 'What the request asked of this turn alone, in the words of its dialect.',
    }),
    model: z.string().meta({ description: 'The model that is asked first.' }),
    plan: z.string().meta({ description: 'The hash of the agent as this turn runs it.' }),
    user_message_id: z.string(),
    assistant_message_id: z.string(),
    trace_id: z.string(),
    span_id: z.string(),
  }),
  entry('attempt.started', 'A worker took the turn.', { attempt: z.string(), epoch: z.int() }),
  entry('parts.abandoned', 'Streamed parts that will never be finished.', {
    parts: z.array(z.object({ part_id: z.string(), kind: z.string(), deltas: z.int() })),
  }),
  entry('part.finished', 'A part of an answer, whole.', {
    step,
    part_id: z.string(),
    kind: z.enum(['text', 'reasoning']),
    text: z.string(),
    deltas: z.int(),
  }),
  entry('step.finished', 'A model call was answered, and is never made again.', {
    step,
    model: z.string(),
    model_index: z.int().meta({ description: "The model's place in the chain, from 0." }),
    reason: z.string(),
    calls: z.array(
      z.object({
        tool_call_id: z.string(),
        tool_name: z.string(),
        arguments: z.union([freeMap, z.string()]),
        problem: z.string().optional().meta({ description: 'Why it cannot be made.' }),
        not_made: z.string().optional().meta({ description: 'Why it is not made.' }),
      }),
    ),
    problem: z.string().optional(),
    usage: UsageReply.optional(),
    ms,
  }),
  entry('model.failed', 'A model call failed.', {
    step,
    model: z.string(),
    model_index: z.int(),
    code: z.string(),
    message: z.string(),
    status: z.int().optional(),
    retryable: z.boolean(),
    wait_ms: z.number(),
    ms,
  }),
  entry('tool.called', 'A call began.', {
    ...call.shape,
    tool_name: z.string(),
    display_name: z.string().optional(),
    arguments: freeMap,
  }),
  entry('tool.returned', 'A call had a result.', { ...call.shape, result: z.unknown(), ms }),
  entry('tool.failed', 'A call failed; the model reads why.', {
    ...call.shape,
    error: z.string(),
    ms,
  }),
  entry('file.fetched', 'A file of the message was read.', {
    file_id: z.string(),
    mime_type: z.string(),
    bytes: z.int(),
  }),
  entry('file.failed', 'A file of the message could not be read.', {
    file_id: z.string(),
    error: z.string(),
  }),
  entry(
    'context.trimmed',
    'The history became too long, and some of it is left out from here on.',
    {
      because: z.enum(['budget', 'refused']),
      messages: z.int(),
      steps: z.int(),
      contents: z.int(),
    },
  ),
  entry('turn.parked', 'The turn waits without a worker.', { until: time }),
  entry('review.requested', 'A call waits for somebody to approve it.', {
    ...call.shape,
    tool_name: z.string(),
    display_name: z.string().optional(),
    arguments: freeMap,
    until: time,
  }),
  entry('review.decided', 'Somebody has decided, or nobody in time.', {
    ...call.shape,
    review: z.enum(['approved', 'rejected']),
    reason: z.string().optional(),
    arguments: freeMap.optional(),
    by: z.enum(['reviewer', 'expiry']),
  }),
  entry('cancel.requested', 'Somebody wants the turn to stop.', { reason: z.string() }),
  entry('turn.completed', 'The turn ended well.', {
    finish_reason: FinishReason,
    usage: UsageReply.optional(),
    pending_tool_calls: z.array(PendingCall).optional(),
  }),
  entry('turn.failed', 'The turn failed.', {
    code: z.string(),
    message: z.string(),
    status: z.int(),
  }),
] as const

const LogEntry = z.discriminatedUnion('type', entries).meta({
  id: 'LogEntry',
  description: 'Something that happened to a task. What happened once is never changed.',
})

export const LogReply = pageReply(LogEntry)

function entry<T extends string, S extends z.ZodRawShape>(type: T, description: string, fields: S) {
  const name = type.replaceAll(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase())
  return z
    .object({
      id: z.int().meta({ description: 'The number of the event that tells of it in a stream.' }),
      number: z.int().meta({ description: 'Its place in the log, from 0.' }),
      type: z.literal(type),
      at: time,
      turn: z.int(),
      response_id: z.string(),
      ...fields,
    })
    .meta({ id: `${name}Entry`, description })
}
