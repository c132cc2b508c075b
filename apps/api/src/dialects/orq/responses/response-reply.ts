import { z } from 'zod'
import { time } from '../../shared/reply-fields.ts'
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
      'Why the turn ended. `function_call`: it waits for the caller to run functions. `tool_calls`: it has not ended, since calls wait for a review.',
  })

export const PendingCall = z
  .object({
    id: z.string().meta({ description: 'What the `tool_call_id` of the result must repeat.' }),
    type: z.literal('function'),
    function: z.object({
      name: z.string(),
      arguments: z.string().meta({ description: 'JSON text.' }),
    }),
  })
  .meta({ id: 'PendingCall', description: 'A call of a function that the caller must run.' })

export const UsageReply = z
  .object({
    prompt_tokens: z.number(),
    completion_tokens: z.number(),
    total_tokens: z.number(),
    prompt_tokens_details: z
      .object({ cached_tokens: z.int().optional(), cache_creation_tokens: z.int().optional() })
      .optional(),
    completion_tokens_details: z.object({ reasoning_tokens: z.number() }).optional(),
  })
  .meta({ id: 'Usage', description: 'Tokens, summed over all model calls of the turn.' })

export const Telemetry = z
  .object({ trace_id: z.string(), span_id: z.string() })
  .meta({ id: 'Telemetry' })

/** The reply to a POST. What is not known is absent, never null. */
export const ResponseReply = z
  .object({
    _id: z.string().meta({ description: 'Of this turn.' }),
    task_id: z.string().meta({ description: 'The id of the conversation: send it to continue.' }),
    output: z.array(MessageReply).meta({
      description:
        'The final message, its text first; with `include=messages`, the whole exchange behind it. Empty while the turn runs.',
    }),
    created_at: time,
    model: z.string().meta({ description: 'The model that answered; before that, the first one.' }),
    usage: UsageReply.optional(),
    finish_reason: FinishReason.optional(),
    pending_tool_calls: z.array(PendingCall).optional(),
    telemetry: Telemetry,
  })
  .meta({ id: 'Response', description: 'One turn of a task.' })

const kept = z
  .record(z.string(), z.unknown())
  .optional()
  .meta({ description: 'As the caller sent it.' })

/** The reply to a GET. */
export const TaskReply = ResponseReply.extend({
  status: z.enum(['in_progress', 'completed', 'failed']).meta({
    description: 'A turn that waits for its caller to run functions is completed.',
  }),
  identity: kept,
  thread: kept,
  memory: kept,
  metadata: kept,
  conversation: kept,
  error: z.string().optional().meta({
    description: 'Only if the turn failed: the code and the message.',
  }),
}).meta({ id: 'Task', description: 'The latest turn of a task.' })
