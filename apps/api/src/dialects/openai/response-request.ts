import { Engine, limits } from '@longhaul/core'
import { z } from 'zod'
import { Identity, kept, Memory, Thread } from '../shared/caller-metadata.ts'
import { line, map } from '../shared/request-fields.ts'
import { InputItem } from './input/input-item.ts'

const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, {
  error: 'must be 1 to 64 letters, digits, _ and -',
})
const id = line.min(1).max(limits.fields.id)
const text = z.string().max(limits.template)
const refused = z
  .unknown()
  .optional()
  .meta({ description: 'Not supported yet, and refused where it asks for anything.' })
const toldAgain = z
  .string()
  .max(1_024)
  .optional()
  .meta({ description: 'Stored and returned unchanged.' })

const Tool = z.object({
  type: z.literal('function', {
    error: 'must be function: what the server runs is given to the agent',
  }),
  name,
  description: text.optional(),
  parameters: map.optional().meta({ description: 'The JSON Schema of an object.' }),
  strict: z.boolean().optional().meta({ description: 'Stored and returned unchanged.' }),
})

const ToolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('function'), name }),
    z.object({
      type: z.literal('allowed_tools'),
      mode: z.enum(['none', 'auto', 'required']).default('auto'),
      tools: z
        .array(z.object({ type: z.string().max(64).optional(), name }))
        .min(1)
        .max(limits.agentTools),
    }),
  ]),
])

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

/** A body of this dialect. Null is "not given". */
export const ResponseRequest = z.object({
  model: line
    .max(limits.fields.id)
    .optional()
    .meta({
      description:
        '`agent/<key>`, or `agent/<key>@<version>`; a model by its `provider/model` id answers without an agent. In the path of an agent it may name that one, and any other is not acted on.',
      examples: ['agent/support'],
    }),
  input: z.union([z.string(), z.array(InputItem).min(1, 'is empty').max(limits.parts)]).meta({
    description:
      'What is said: a text, or items, the last of which is what is to be answered. Items before it begin the conversation, or go on with it.',
    examples: ['What is the date today?'],
  }),
  instructions: text.optional().meta({
    description: 'Said to the model after the instructions of the agent, in this turn alone.',
  }),
  previous_response_id: id.optional().meta({
    description:
      'The response to go on from. When it is not the latest of its conversation, the conversation forks there.',
  }),
  conversation: z
    .union([id, z.object({ id })])
    .optional()
    .meta({
      description: 'The conversation to continue; an unknown name starts one.',
    }),
  tools: z.array(Tool).max(limits.agentTools).optional().meta({
    description: "Functions that the caller runs, in addition to the agent's tools.",
  }),
  tool_choice: ToolChoice.optional(),
  parallel_tool_calls: z.boolean().optional(),
  max_tool_calls: z.int().min(1).max(100_000).optional().meta({
    description: 'How many tools the server may run in the turn; the model goes on without more.',
  }),
  text: z
    .object({ format: Format.optional(), verbosity: z.enum(['low', 'medium', 'high']).optional() })
    .optional(),
  reasoning: z
    .object({
      effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).optional(),
      summary: z.enum(['auto', 'concise', 'detailed']).optional().meta({
        description: 'Stored and returned unchanged; reasoning is always complete.',
      }),
    })
    .optional(),
  max_output_tokens: z.int().min(1).optional().meta({
    description: 'Of all model calls of the turn together.',
  }),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  stop_sequences: z.array(z.string()).max(4).optional(),
  truncation: z.enum(['auto', 'disabled']).optional().meta({
    description: '`disabled`: a conversation that is too long for the model fails the turn.',
  }),
  metadata: z
    .record(z.string().max(limits.metadata.name), z.string().max(limits.metadata.value))
    .refine((value) => Object.keys(value).length <= limits.metadata.keys, {
      error: `has more than ${limits.metadata.keys} keys`,
    })
    .optional()
    .meta({ description: kept, maxProperties: limits.metadata.keys }),
  background: z.boolean().optional().meta({ description: 'Reply at once; the turn continues.' }),
  stream: z.boolean().optional().meta({
    description: 'Reply with server-sent events, also where `background` is true.',
  }),
  stream_options: z
    .object({ include_obfuscation: z.boolean().optional() })
    .optional()
    .meta({ description: 'Not acted on: nothing is obfuscated.' }),
  store: z.boolean().optional().meta({
    description: 'False: the response is purged 10 minutes after its end.',
  }),
  include: z
    .array(z.enum(included))
    .max(included.length * 2)
    .optional()
    .meta({ description: 'Not acted on: a response has all that is known.' }),
  prompt_cache_key: line.optional(),
  prompt_cache_retention: toldAgain,
  safety_identifier: toldAgain,
  service_tier: z
    .enum(['auto', 'default', 'flex', 'fast', 'scale', 'priority'])
    .optional()
    .meta({ description: 'Stored and returned unchanged.' }),
  user: toldAgain,
  top_logprobs: z.literal(0, { error: 'log probabilities are not supported' }).optional(),

  variables: map.optional().meta({
    description: 'Values for the templates of the agent; what is said here is no template.',
  }),
  template_engine: Engine.optional(),
  identity: Identity.optional().meta({ description: kept }),
  thread: Thread.optional().meta({ description: kept }),
  memory: Memory.optional().meta({ description: kept }),
  fallbacks: z
    .array(z.object({ model: line.min(1).meta({ examples: ['openai/gpt-4o'] }) }))
    .max(limits.fallbackModels)
    .optional()
    .meta({
      description: "Fallback models, in place of the agent's own.",
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
    .meta({ description: 'Milliseconds that one call of a model may take.' }),
  limits: z
    .object({
      max_iterations: z.int().min(1).optional(),
      max_execution_time: z.int().min(1).optional().meta({ description: 'Seconds.' }),
      max_cost: z.number().optional().meta({ description: 'Refused above 0.' }),
    })
    .optional(),
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
