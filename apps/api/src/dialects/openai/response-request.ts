import { Engine, limits } from '@longhaul/core'
import { z } from 'zod'
import { Identity, kept, keptIdentity, Memory, Thread } from '../shared/caller-metadata.ts'
import { line, map } from '../shared/request-fields.ts'
import { TurnOptions } from '../shared/turn-options.ts'
import { ToolChoice } from './client-tools/tool-choice.ts'
import { Tool } from './client-tools/tool.ts'
import { InputItem } from './input/item-schema.ts'

const id = line.min(1).max(limits.fields.id)
const text = z.string().max(limits.template)
const refused = z
  .unknown()
  .optional()
  .meta({ description: 'Not supported yet. A value that requires it is refused.' })
const unchanged = z
  .string()
  .max(1_024)
  .optional()
  .meta({ description: 'Stored and returned unchanged. It has no effect.' })

const asKey = unchanged.meta({
  description:
    'Stored and returned unchanged. It is the fairness key of the turn, unless the request has another one. `safety_identifier` takes precedence over `user`, and `user` over `identity`.',
})

const Format = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    name: line.default('answer'),
    description: z.string().optional(),
    schema: map.optional(),
    strict: z.boolean().optional(),
  }),
])

const included = [
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
  'message.input_image.image_url',
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
] as const

const tooManyItems = `has too many items: the limit is ${limits.items}`
const Input = z.union(
  [z.string(), z.array(InputItem).min(1, 'is empty').max(limits.items, tooManyItems)],
  {
    error: ({ input }) =>
      input === undefined || typeof input === 'string' || Array.isArray(input)
        ? undefined
        : 'must be a text or a list of items',
  },
)

/** A body of this dialect. A null value counts as absent. */
export const ResponseRequest = z.object({
  model: line
    .max(limits.fields.id)
    .optional()
    .meta({
      description:
        '`agent/<key>` or `agent/<key>@<version>` for an agent; `provider/model` for a model without an agent. If the path names an agent, the same agent is accepted, another agent is refused, and a model id has no effect.',
      examples: ['agent/support'],
    }),
  input: Input.meta({
    description:
      'The input: a text, or a list of items. The turn answers the last item. The items before it start the conversation or continue it.',
    examples: ['What is the date today?'],
  }),
  instructions: text.optional().meta({
    description: 'Instructions for this turn only. They follow the instructions of the agent.',
  }),
  previous_response_id: id.optional().meta({
    description:
      'The id of the response to continue. If it is not the latest response of its conversation, the conversation forks there.',
  }),
  conversation: z
    .union([id, z.object({ id })])
    .optional()
    .meta({
      description: 'The conversation to continue. An unknown name starts a new conversation.',
    }),
  tools: z.array(Tool).max(limits.agentTools).optional().meta({
    description:
      "Tools that the caller runs, in addition to the agent's tools. The model sees each of them as a function. Tools that the server would have to run are left out, and the header `Longhaul-Ignored` of the reply names them.",
  }),
  tool_choice: ToolChoice.optional(),
  parallel_tool_calls: z.boolean().optional(),
  max_tool_calls: z.int().min(1).max(100_000).optional().meta({
    description:
      'The maximum number of tool calls that the server makes in the turn. The model then continues without tools.',
  }),
  text: z
    .object({ format: Format.optional(), verbosity: z.enum(['low', 'medium', 'high']).optional() })
    .optional(),
  reasoning: z
    .object({
      effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).optional(),
      summary: z.enum(['auto', 'concise', 'detailed']).optional().meta({
        description:
          'Whether reasoning is also shown as its summary. The summary is the complete reasoning, whatever the value.',
      }),
    })
    .optional(),
  max_output_tokens: z.int().min(1).optional().meta({
    description: 'The maximum number of output tokens of all model calls of the turn together.',
  }),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  stop_sequences: z.array(z.string()).max(4).optional(),
  truncation: z.enum(['auto', 'disabled']).optional().meta({
    description:
      '`auto`: the oldest parts of a conversation that is too long for the model are left out. `disabled`: the turn fails instead.',
  }),
  metadata: z
    .record(z.string().max(limits.metadata.name), z.string().max(limits.metadata.value))
    .refine((value) => Object.keys(value).length <= limits.metadata.keys, {
      error: `has more than ${limits.metadata.keys} keys`,
    })
    .optional()
    .meta({ description: kept, maxProperties: limits.metadata.keys }),
  background: z
    .boolean()
    .optional()
    .meta({ description: 'Whether the server replies at once, while the turn continues.' }),
  stream: z.boolean().optional().meta({
    description:
      'Whether the reply is a stream of server-sent events. It takes precedence over `background`.',
  }),
  stream_options: z
    .object({ include_obfuscation: z.boolean().optional() })
    .optional()
    .meta({ description: 'It has no effect: the stream is never obfuscated.' }),
  store: z.boolean().optional().meta({
    description: '`false`: the response is purged 10 minutes after its end.',
  }),
  include: z
    .array(z.enum(included))
    .max(included.length * 2)
    .optional()
    .meta({ description: 'It has no effect: a response always has all of its fields.' }),
  prompt_cache_key: line.optional(),
  prompt_cache_retention: unchanged,
  safety_identifier: asKey,
  service_tier: z
    .enum(['auto', 'default', 'flex', 'fast', 'ultrafast', 'scale', 'priority'])
    .optional()
    .meta({
      description:
        'The priority of the turn, and returned unchanged: `priority`, `fast` and `ultrafast` are priority 1, `default` and `scale` 3, `flex` 5, and `auto` is the default of the agent. `longhaul.priority` takes precedence.',
    }),
  user: asKey,
  top_logprobs: z.literal(0, { error: 'log probabilities are not supported' }).optional(),

  variables: map.optional().meta({
    description:
      'Values for the templates of the agent. Input of this dialect is never a template.',
  }),
  template_engine: Engine.optional().meta({
    description: 'The template engine for this turn. Default: the engine of the agent.',
  }),
  identity: Identity.optional().meta({ description: keptIdentity }),
  thread: Thread.optional().meta({ description: kept }),
  memory: Memory.optional().meta({ description: kept }),
  fallbacks: z
    .array(z.object({ model: line.min(1).meta({ examples: ['openai/gpt-4o'] }) }))
    .max(limits.fallbackModels)
    .optional()
    .meta({
      description: 'Fallback models. They replace those of the agent.',
    }),
  retry: z
    .object({
      count: z.int().min(0).max(10),
      on_codes: z.array(z.int().min(100).max(599)).max(50).nullish(),
    })
    .optional(),
  timeout: z
    .object({ call_timeout: z.number().min(1) })
    .optional()
    .meta({
      description: '`call_timeout`: the maximum duration of one model call, in milliseconds.',
    }),
  limits: z
    .object({
      max_iterations: z.int().min(1).optional().meta({
        description: 'The maximum number of model calls in the turn.',
      }),
      max_execution_time: z
        .int()
        .min(1)
        .optional()
        .meta({ description: 'The maximum duration of the turn, in seconds.' }),
      max_cost: z
        .number()
        .optional()
        .meta({ description: 'Not supported yet. A value above 0 is refused.' }),
    })
    .optional(),
  longhaul: TurnOptions.optional(),
  guardrails: refused,
  plugins: refused,
  security: refused,
  prompt: refused,
  context_management: refused,
})
ResponseRequest.register(z.globalRegistry, {
  id: 'CreateOpenResponse',
  examples: [{ model: 'agent/support', input: 'What is the date today?' }],
})
export type ResponseRequest = z.output<typeof ResponseRequest>
