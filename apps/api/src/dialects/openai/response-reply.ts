import { z } from 'zod'
import { freeMap } from '../shared/reply-fields.ts'
import { WaitingReply } from '../shared/waiting.ts'
import { clientCallItems } from './client-tools/call-items.ts'

const status = z.enum(['in_progress', 'completed', 'incomplete'])
const id = z.string()

const OutputText = z.object({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(freeMap).meta({
    description: 'The sources of the text: `url_citation`, `file_citation` and others.',
  }),
  logprobs: z.array(z.unknown()),
})
const Refusal = z.object({ type: z.literal('refusal'), refusal: z.string() })
const ReasoningText = z.object({ type: z.literal('reasoning_text'), text: z.string() })
export const SummaryText = z.object({ type: z.literal('summary_text'), text: z.string() })

export const ContentPart = z
  .discriminatedUnion('type', [OutputText, Refusal, ReasoningText])
  .meta({ id: 'OpenContentPart' })

export const OutputItem = z
  .discriminatedUnion('type', [
    z.object({
      id,
      type: z.literal('message'),
      status,
      role: z.literal('assistant'),
      content: z.array(z.discriminatedUnion('type', [OutputText, Refusal])),
    }),
    z.object({
      id,
      type: z.literal('reasoning'),
      status,
      summary: z.array(SummaryText).meta({
        description: 'The reasoning, if the request asked for its summary.',
      }),
      content: z.array(ReasoningText),
    }),
    ...clientCallItems,
    z
      .object({
        id,
        type: z.literal('mcp_call'),
        status: z.enum([...status.options, 'failed']),
        server_label: z.string(),
        name: z.string().meta({ description: 'The name of the tool.' }),
        arguments: z.string(),
        approval_request_id: z.string().nullable(),
        output: z
          .string()
          .nullable()
          .meta({ description: 'The result. null if the call failed or has not ended.' }),
        error: z
          .object({
            type: z.literal('mcp_tool_execution_error'),
            content: z.array(z.object({ type: z.literal('text'), text: z.string() })),
          })
          .nullable()
          .meta({ description: 'The error. null if the call did not fail.' }),
      })
      .meta({ description: 'A call of a tool that the server runs, whatever its type.' }),
  ])
  .meta({ id: 'OpenOutputItem', description: 'An item of the output of a response.' })

const ResponseError = z
  .object({
    code: z
      .enum(['server_error', 'rate_limit_exceeded', 'context_length_exceeded', 'invalid_prompt'])
      .meta({ description: 'A code that clients know.' }),
    message: z.string().meta({ description: 'It begins with the code of Longhaul.' }),
    type: z.enum(['server_error', 'rate_limit_error', 'invalid_request_error']),
    param: z.string().nullable(),
  })
  .meta({ id: 'OpenResponseError', description: 'Why the turn failed or was cancelled.' })

/** The response of a turn. Every key is present. */
export const ResponseReply = z
  .object({
    id,
    object: z.literal('response'),
    created_at: z.int().meta({ description: 'The time of creation, in Unix seconds.' }),
    completed_at: z.int().nullable().meta({
      description: 'The time of completion, in Unix seconds. null if the turn has not completed.',
    }),
    status: z.enum(['queued', 'in_progress', 'completed', 'failed', 'cancelled', 'incomplete']),
    background: z.boolean(),
    error: ResponseError.nullable(),
    incomplete_details: z.object({ reason: z.string() }).nullable(),
    model: z.string(),
    output: z.array(OutputItem),
    usage: z
      .object({
        input_tokens: z.int(),
        input_tokens_details: z.object({
          cached_tokens: z.int(),
          cache_creation_tokens: z.int(),
          cache_write_tokens: z.int(),
        }),
        output_tokens: z.int(),
        output_tokens_details: z.object({ reasoning_tokens: z.int() }),
        total_tokens: z.int(),
      })
      .nullable(),
    input: z.null().meta({ description: 'Always null. `GET …/input_items` returns the input.' }),
    instructions: z.string().nullable(),
    previous_response_id: z.string().nullable(),
    conversation: z.object({ id }).optional(),
    max_output_tokens: z.int().nullable(),
    max_tool_calls: z.int().nullable(),
    metadata: z.record(z.string(), z.string()),
    parallel_tool_calls: z.boolean(),
    presence_penalty: z.number(),
    frequency_penalty: z.number(),
    temperature: z.number(),
    top_p: z.number(),
    top_logprobs: z.int(),
    prompt_cache_key: z.string().nullable(),
    prompt_cache_options: z.null(),
    prompt_cache_retention: z.string().nullable(),
    reasoning: freeMap.nullable(),
    safety_identifier: z.string().nullable(),
    service_tier: z.string(),
    store: z.boolean(),
    text: freeMap,
    tool_choice: z.unknown(),
    tools: z.array(freeMap),
    truncation: z.enum(['auto', 'disabled']),
    user: z.string().nullable(),
    telemetry: z
      .object({ trace_id: z.string(), span_id: z.string() })
      .meta({ description: 'The ids of the trace of the turn.' }),
  })
  .meta({ id: 'OpenResponse', description: 'A response, in the format of OpenAI Responses.' })

/** The reply to a GET. */
export const LiveResponse = ResponseReply.extend({
  waiting: WaitingReply.optional().meta({
    description: 'Why the turn waits. Only while it is queued or parked.',
  }),
}).meta({ id: 'OpenLiveResponse', description: 'A response in its current state.' })

export const ModelsReply = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        id: z.string().meta({ examples: ['agent/support'] }),
        object: z.literal('model'),
        created: z.int().meta({ description: 'The time of creation, in Unix seconds.' }),
        owned_by: z.string(),
      }),
    ),
  })
  .meta({ id: 'OpenModels' })
