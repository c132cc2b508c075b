import {
  type Fact,
  type FactOf,
  type FactType,
  ParkedFor,
  parseArguments,
  responseId,
  type PriorMessage,
  QueuedFor,
  type ToolCall,
  type Usage,
  userMessageIdOf,
} from '@longhaul/core'
import { z } from 'zod'
import { freeMap, isoTime, time } from '../../shared/reply-fields.ts'
import { maskSecrets } from '../mask-secrets.ts'
import { wireInputPart, wirePriorMessage } from '../responses/message-history.ts'
import { MessageReply, ResultFiles } from '../responses/message-reply.ts'
import { wirePendingCall, wireUsage } from '../responses/response-body.ts'
import { FinishReason, PendingCall, UsageReply } from '../responses/response-reply.ts'

/** The position of a fact: its index in the log, from 0, and its turn. */
type Place = { taskId: string; number: number; turn: number }

/** A fact as an entry of the log: all of its fields, without secrets and without data that only a vendor can read. */
export function logEntry(fact: Fact, { taskId, number, turn }: Place): Record<string, unknown> {
  return {
    id: fact.pos,
    number,
    type: fact.type,
    at: isoTime(fact.at),
    turn,
    response_id: responseId(taskId, turn),
    ...fieldsOf(fact.type, fact),
  }
}

/** The fields of a fact. A type that only a newer version knows has none. */
function fieldsOf<Type extends FactType>(type: Type, fact: FactOf<Type>) {
  const known: EntryOf<Type> | undefined = logEntries[type]
  return known?.valuesOf(fact)
}

const tool = { tool_call_id: z.string(), tool_id: z.string() }
const ms = z.number().meta({ description: 'Duration in milliseconds.' })
const rateWait = z.number().optional().meta({
  description: 'Milliseconds that the worker waited for the rate of the model before the call.',
})
const step = z.int().meta({ description: 'The number of the model call in its turn, from 1.' })

/** Each fact of the catalogue: its description in the document, its fields there, and their values. */
export const logEntries: { readonly [Type in FactType]: EntryOf<Type> } = {
  'turn.started': entry(
    'A turn started: a message was received, or a failed turn was redriven.',
    {
      before: z
        .array(MessageReply.pick({ parts: true }).extend({ role: z.string() }))
        .optional()
        .meta({
          description: 'Prior messages, from the request or from the forked task.',
        }),
      message: MessageReply.optional(),
      goes_on_from_turn: z.int().optional().meta({
        description: 'Only in a redrive: the number of the failed turn that this turn continues.',
      }),
      variables: freeMap
        .optional()
        .meta({ description: 'The variables of the request. Secrets are masked.' }),
      engine: z.string().optional().meta({ description: 'The template engine of the request.' }),
      notes: freeMap.optional().meta({
        description:
          'The metadata that the caller sent: identity, thread, memory, metadata, conversation.',
      }),
      asked: freeMap.optional().meta({
        description: 'The request parameters of this turn, in the format of its dialect.',
      }),
      ignored: z.array(z.string()).optional().meta({
        description:
          'The paths of tools in the request that were left out, because the server runs no such tools.',
      }),
      parent: z
        .object({
          task_id: z.string(),
          response_id: z.string(),
          tool_call_id: z.string(),
          depth: z.int().meta({ description: 'The number of ancestor turns.' }),
        })
        .optional()
        .meta({
          description:
            "Only in a turn of a sub-agent: the parent's tool call that this turn answers.",
        }),
      model: z.string().meta({ description: "The id of the agent's primary model." }),
      plan: z.string().meta({
        description: 'The hash of the plan: the agent with all versions resolved for this turn.',
      }),
      user_message_id: z.string(),
      assistant_message_id: z.string(),
      trace_id: z.string(),
      span_id: z.string(),
    },
    (fact) => {
      const { message, redrive, variables, notes: callerMetadata, asked, parent } = fact
      // Messages that were copied from another task are read in that task, unless it is deleted.
      const before = fact.before?.slice(fact.copied ?? 0) ?? []
      return {
        ...(before.length > 0 && { before: before.map(priorMessage) }),
        ...(message && {
          message: {
            messageId: message.messageId,
            role: message.role,
            parts: message.parts.map(wireInputPart),
          },
        }),
        ...(redrive && { goes_on_from_turn: redrive.turn }),
        ...(variables && { variables: maskSecrets(variables) }),
        ...(fact.engine && { engine: fact.engine }),
        ...(callerMetadata && { notes: callerMetadata }),
        ...(asked && { asked }),
        ...(fact.ignored && { ignored: fact.ignored }),
        ...(parent && {
          parent: {
            task_id: parent.taskId,
            response_id: responseId(parent.taskId, parent.turn),
            tool_call_id: parent.callId,
            depth: parent.depth,
          },
        }),
        model: fact.model,
        plan: fact.plan,
        user_message_id: userMessageIdOf(fact),
        assistant_message_id: fact.assistantMessageId,
        trace_id: fact.traceId,
        span_id: fact.spanId,
      }
    },
  ),

  'attempt.started': entry(
    'A worker claimed the turn.',
    {
      attempt: z.string().meta({ description: 'The id of the attempt.' }),
      epoch: z.int().meta({ description: 'The number of the attempt in its turn.' }),
      start_at: time.optional().meta({ description: 'The start time of the turn, if it had one.' }),
      waited: z
        .array(z.object({ for: QueuedFor, until: time }))
        .optional()
        .meta({
          description:
            'Why the turn has waited in the queue, each reason with the time until which it applied at the latest. It has waited for a worker the rest of the time.',
        }),
    },
    ({ attempt, epoch, startAt, waited = [] }) => ({
      attempt,
      epoch,
      ...(startAt !== undefined && { start_at: isoTime(startAt) }),
      ...(waited.length > 0 && {
        waited: waited.map(({ for: kind, until }) => ({ for: kind, until: isoTime(until) })),
      }),
    }),
  ),

  'parts.abandoned': entry(
    'Streamed parts that were abandoned. They will not be finished.',
    { parts: z.array(z.object({ part_id: z.string(), kind: z.string(), deltas: z.int() })) },
    ({ parts }) => ({
      parts: parts.map(({ partId, kind, deltas }) => ({ part_id: partId, kind, deltas })),
    }),
  ),

  'part.finished': entry(
    "A part of the model's answer is complete.",
    {
      step,
      part_id: z.string(),
      kind: z.enum(['text', 'reasoning']),
      text: z.string(),
      refusal: z.literal(true).optional().meta({ description: 'The text is a refusal to answer.' }),
      annotations: z.array(freeMap).optional().meta({
        description:
          'The sources of the text, as objects of OpenAI Responses such as `url_citation`.',
      }),
      deltas: z.int().meta({ description: 'The number of deltas in which the part was streamed.' }),
    },
    (fact) => ({
      step: fact.step,
      part_id: fact.partId,
      kind: fact.kind,
      text: fact.text,
      ...(fact.refusal && { refusal: fact.refusal }),
      ...(fact.annotations && { annotations: fact.annotations }),
      deltas: fact.deltas,
    }),
  ),

  'step.finished': entry(
    'A model call was answered. It is never repeated.',
    {
      step,
      model: z.string(),
      model_index: z.int().meta({
        description:
          'The index of the model: 0 is the primary model, the others are the fallback models in order.',
      }),
      reason: z.string(),
      calls: z.array(
        z.object({
          tool_call_id: z.string(),
          tool_name: z.string(),
          arguments: z.union([freeMap, z.string()]),
          problem: z.string().optional().meta({ description: 'Why the call cannot be made.' }),
          not_made: z.string().optional().meta({ description: 'Why the call is not made.' }),
        }),
      ),
      problem: z.string().optional().meta({ description: 'Why the answer cannot be used.' }),
      usage: UsageReply.optional(),
      ms,
      first_output_ms: z.number().optional().meta({
        description: 'Milliseconds until the first output of the model, if it was streamed.',
      }),
      rate_wait_ms: rateWait,
    },
    (fact) => ({
      step: fact.step,
      model: fact.model,
      model_index: fact.modelIndex,
      reason: fact.reason,
      calls: fact.calls.map(call),
      ...(fact.problem !== undefined && { problem: fact.problem }),
      ...(fact.usage && { usage: wireUsage(fact.usage) }),
      ms: fact.ms,
      ...(fact.firstMs !== undefined && { first_output_ms: fact.firstMs }),
      ...rateWaitOf(fact),
    }),
  ),

  'model.failed': entry(
    'A model call failed.',
    {
      step,
      model: z.string(),
      model_index: z.int(),
      code: z.string(),
      message: z.string(),
      status: z.int().optional().meta({ description: "The HTTP status of the provider's reply." }),
      retryable: z.boolean().meta({ description: 'Whether the call may be repeated.' }),
      wait_ms: z.number().meta({ description: 'Milliseconds until the next call.' }),
      ms,
      rate_wait_ms: rateWait,
    },
    (fact) => ({
      step: fact.step,
      model: fact.model,
      model_index: fact.modelIndex,
      code: fact.code,
      message: fact.message,
      ...(fact.status !== undefined && { status: fact.status }),
      retryable: fact.retryable,
      wait_ms: fact.wait,
      ms: fact.ms,
      ...rateWaitOf(fact),
    }),
  ),

  'tool.called': entry(
    'A tool call started.',
    { ...tool, tool_name: z.string(), display_name: z.string().optional(), arguments: freeMap },
    (fact) => ({ ...toolOf(fact), ...nameOf(fact), arguments: fact.arguments }),
  ),

  'tool.returned': entry(
    'A tool call returned a result.',
    { ...tool, result: z.unknown(), files: ResultFiles, ms, usage: UsageReply.optional() },
    (fact) => ({
      ...toolOf(fact),
      result: fact.result,
      ...(fact.files && { files: fact.files }),
      ms: fact.ms,
      ...usageOf(fact),
    }),
  ),

  'tool.failed': entry(
    'A tool call failed. The model receives the error.',
    { ...tool, error: z.string(), ms, usage: UsageReply.optional() },
    (fact) => ({ ...toolOf(fact), error: fact.error, ms: fact.ms, ...usageOf(fact) }),
  ),

  'child.started': entry(
    'A task of a sub-agent started. It answers the tool call.',
    {
      tool_call_id: z.string(),
      task_id: z.string(),
      agent: z.string().meta({ description: 'The key of the sub-agent.' }),
    },
    ({ callId, taskId, agent }) => ({ tool_call_id: callId, task_id: taskId, agent }),
  ),

  'calls.spent': entry(
    'The turn and its sub-agents reached the limit of model calls.',
    {},
    () => ({}),
  ),

  'file.fetched': entry(
    'A file of the message or of a result was fetched.',
    {
      file_id: z.string(),
      mime_type: z.string(),
      bytes: z.int().meta({ description: 'The size of the file in bytes.' }),
    },
    // Base64 has four characters for three bytes.
    ({ fileId, mimeType, data }) => ({
      file_id: fileId,
      mime_type: mimeType,
      bytes: Math.floor((data.replace(/=+$/, '').length * 3) / 4),
    }),
  ),

  'file.failed': entry(
    'A file of the message or of a result could not be fetched.',
    { file_id: z.string(), error: z.string() },
    ({ fileId, error }) => ({ file_id: fileId, error }),
  ),

  'context.trimmed': entry(
    'The history became too long for the model. Later model calls leave its oldest parts out.',
    {
      because: z.enum(['budget', 'refused']),
      messages: z.int().meta({ description: 'The number of messages that are left out.' }),
      steps: z.int(),
      contents: z.int(),
    },
    ({ because, messages, steps, contents: cut }) => ({ because, messages, steps, contents: cut }),
  ),

  'turn.parked': entry(
    'The turn waits, without a worker, until a time.',
    {
      until: time,
      for: ParkedFor.optional().meta({ description: 'What the turn waits for.' }),
      also: z.array(ParkedFor).optional().meta({ description: 'What the turn waits for besides.' }),
    },
    ({ until, for: kind, also }) => ({
      until: isoTime(until),
      ...(kind && { for: kind }),
      ...(also && { also }),
    }),
  ),

  'review.requested': entry(
    'A tool call waits for a review.',
    {
      ...tool,
      tool_name: z.string(),
      display_name: z.string().optional(),
      arguments: freeMap,
      because: z.enum(['outcome_unknown']).optional().meta({
        description:
          'Why the call needs a review. `outcome_unknown`: the worker died during the call, which may have had its effect. Absent: the tool requires approval.',
      }),
      until: time,
    },
    (fact) => ({
      ...toolOf(fact),
      ...nameOf(fact),
      arguments: fact.arguments,
      ...(fact.because && { because: fact.because }),
      until: isoTime(fact.until),
    }),
  ),

  'review.decided': entry(
    'A review was decided, or it expired.',
    {
      ...tool,
      review: z.enum(['approved', 'rejected']),
      reason: z.string().optional(),
      arguments: freeMap.optional(),
      by: z.enum(['reviewer', 'expiry']).meta({
        description: 'Whether a reviewer decided or the review expired.',
      }),
    },
    (fact) => ({
      ...toolOf(fact),
      review: fact.review,
      ...(fact.reason !== undefined && { reason: fact.reason }),
      ...(fact.arguments && { arguments: fact.arguments }),
      by: fact.by,
    }),
  ),

  'cancel.requested': entry(
    'A cancel of the turn was requested.',
    { reason: z.string() },
    ({ reason }) => ({ reason }),
  ),

  'turn.completed': entry(
    'The turn completed.',
    {
      finish_reason: FinishReason,
      usage: UsageReply.optional(),
      pending_tool_calls: z.array(PendingCall).optional(),
    },
    (fact) => ({
      finish_reason: fact.reason,
      ...usageOf(fact),
      ...(fact.pending.length > 0 && { pending_tool_calls: fact.pending.map(wirePendingCall) }),
    }),
  ),

  'turn.failed': entry(
    'The turn failed.',
    {
      code: z.string().meta({ description: 'The error code.' }),
      message: z.string(),
      status: z.int().meta({ description: 'The HTTP status for this error.' }),
    },
    ({ code, message, status }) => ({ code, message, status }),
  ),
}

interface EntryOf<Type extends FactType> {
  readonly description: string
  readonly fields: z.ZodRawShape
  readonly valuesOf: (fact: FactOf<Type>) => Record<string, unknown>
}

/**
 * Defines an entry. A field that is sent but not documented is a type error, and so is a field that is documented but
 * not sent.
 */
function entry<Type extends FactType, Fields extends z.ZodRawShape, Values extends Sent<Fields>>(
  description: string,
  fields: Fields,
  valuesOf: (fact: FactOf<Type>) => Values & NoFurther<Fields, Values>,
): EntryOf<Type> {
  return { description, fields, valuesOf }
}

/** An object with the names of the fields. A test checks their values. */
type Sent<Fields extends z.ZodRawShape> = {
  [Name in keyof z.input<z.ZodObject<Fields>>]: unknown
}

type NoFurther<Fields, Values> = { [Name in Exclude<keyof Values, keyof Fields>]: never }

function priorMessage(message: PriorMessage) {
  if (message.role === 'system')
    return { role: message.role, parts: [{ kind: 'text', text: message.text }] }
  return {
    role: message.role === 'assistant' ? 'agent' : message.role,
    parts: wirePriorMessage(message),
  }
}

/** A call in an entry. Its arguments are an object, or the text of the model if that is not a JSON object. */
function call({ callId, name, arguments: text, problem, notMade }: ToolCall) {
  return {
    tool_call_id: callId,
    tool_name: name,
    arguments: parseArguments(text) ?? text,
    ...(problem !== undefined && { problem }),
    ...(notMade !== undefined && { not_made: notMade }),
  }
}

function toolOf({ callId, toolId }: { callId: string; toolId: string }) {
  return { tool_call_id: callId, tool_id: toolId }
}

function nameOf({ name, displayName }: { name: string; displayName?: string }) {
  return { tool_name: name, ...(displayName !== undefined && { display_name: displayName }) }
}

function usageOf({ usage }: { usage?: Usage }) {
  return usage && { usage: wireUsage(usage) }
}

function rateWaitOf({ rateMs }: { rateMs?: number }) {
  return rateMs !== undefined && { rate_wait_ms: rateMs }
}
