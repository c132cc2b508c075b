import { z } from 'zod'
import { time } from '../../shared/reply-fields.ts'
import { WaitingReply } from '../../shared/waiting.ts'
import { MessageReply } from './message-reply.ts'

export const FinishReason = z
  .enum([
    'stop',
    'function_call',
    'tool_calls',
    'length',
    'content_filter',
    'max_iterations',
    'max_time',
  ])
  .meta({
    id: 'FinishReason',
    description:
      'Why the turn ended. `function_call`: the caller must run functions and send their results. `tool_calls`: the turn has not ended, because calls wait for a review.',
  })

export const PendingCall = z
  .object({
    id: z
      .string()
      .meta({ description: 'The id of the call. The result must repeat it as `tool_call_id`.' }),
    type: z.literal('function'),
    function: z.object({
      name: z.string(),
      arguments: z.string().meta({ description: 'The arguments, as JSON text.' }),
    }),
  })
  .meta({ id: 'PendingCall', description: 'A call of a function that the caller must run.' })

export const UsageReply = z
  .object({
    prompt_tokens: z.number().meta({ description: 'Input tokens, including cached tokens.' }),
    completion_tokens: z
      .number()
      .meta({ description: 'Output tokens, including reasoning tokens.' }),
    total_tokens: z.number().meta({ description: 'Input and output tokens together.' }),
    prompt_tokens_details: z
      .object({ cached_tokens: z.int().optional(), cache_creation_tokens: z.int().optional() })
      .optional(),
    completion_tokens_details: z.object({ reasoning_tokens: z.number() }).optional(),
  })
  .meta({ id: 'Usage', description: 'The tokens of all model calls of the turn together.' })

export const Telemetry = z
  .object({ trace_id: z.string(), span_id: z.string() })
  .meta({ id: 'Telemetry', description: 'The ids of the trace of the turn.' })

/** The reply to a POST. An unknown value is absent, never null. */
export const ResponseReply = z
  .object({
    _id: z.string().meta({ description: 'The id of the response.' }),
    task_id: z.string().meta({ description: 'The id of the task. Send it to continue the task.' }),
    output: z.array(MessageReply).meta({
      description:
        'The final message, its text first. With `include=messages`, all messages of the task follow it. Empty while the turn runs.',
    }),
    created_at: time.meta({ description: 'The time when the turn was submitted.' }),
    model: z.string().meta({
      description:
        'The id of the model that answered. Before an answer, the id of the primary model.',
    }),
    usage: UsageReply.optional(),
    finish_reason: FinishReason.optional(),
    pending_tool_calls: z.array(PendingCall).optional().meta({
      description: 'The calls that the caller must run, with `finish_reason: function_call`.',
    }),
    telemetry: Telemetry,
  })
  .meta({ id: 'Response', description: 'One turn of a task.' })

const callerValue = z
  .record(z.string(), z.unknown())
  .optional()
  .meta({ description: 'The value that the caller sent.' })

/** The reply to a GET. */
export const TaskReply = ResponseReply.extend({
  status: z.enum(['in_progress', 'completed', 'failed']).meta({
    description:
      'The status of the turn. A turn that waits for its caller to run functions is `completed`.',
  }),
  identity: callerValue,
  thread: callerValue,
  memory: callerValue,
  metadata: callerValue,
  conversation: callerValue,
  error: z.string().optional().meta({
    description: 'The error code and the message. Only if the turn failed.',
  }),
  waiting: WaitingReply.optional().meta({
    description:
      'Why the turn waits. Only while it is queued or parked. A list has `for`, `since` and `starts`.',
  }),
}).meta({ id: 'Task', description: 'The latest turn of a task.' })
