import { z } from 'zod'
import { echoed, line, list, map, refused } from '../../shared/request-fields.ts'

const responseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: line,
      description: z.string().optional(),
      schema: map.optional(),
      strict: z.boolean().default(false),
    }),
  }),
])

const thinking = z.discriminatedUnion('type', [
  z.object({ type: z.literal('disabled') }),
  z.object({ type: z.literal('adaptive') }),
  z.object({
    type: z.literal('enabled'),
    budget_tokens: z.number(),
    thinking_level: z.enum(['minimal', 'low', 'medium', 'high']).optional(),
  }),
])

const plugin = z.discriminatedUnion('id', [
  z.looseObject({ id: z.literal('pii_redaction') }),
  z.object({ id: z.literal('response_healing') }),
  z.looseObject({ id: z.literal('trace_scrubbing') }),
])

const guardrail = z.object({ id: line, execute_on: z.enum(['input', 'output']) })

/** The parameters of a model call. A null value counts as absent. */
export const ModelParameters = z
  .object({
    name: line.optional().meta({ description: echoed }),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    top_k: z.number().nullish(),
    frequency_penalty: z.number().min(-2).max(2).nullish(),
    presence_penalty: z.number().min(-2).max(2).nullish(),
    seed: z.number().nullish(),
    max_tokens: z.int().positive().nullish(),
    max_completion_tokens: z.int().positive().nullish(),
    stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
    response_format: responseFormat.optional(),
    reasoning_effort: z
      .enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])
      .optional(),
    verbosity: line.optional(),
    thinking: thinking.optional(),
    tool_choice: z
      .union([
        z.enum(['none', 'auto', 'required']),
        z.object({
          type: z.literal('function').optional(),
          function: z.object({ name: line }),
        }),
      ])
      .optional(),
    parallel_tool_calls: z.boolean().optional(),
    modalities: list(z.enum(['text', 'audio'])).nullish(),
    guardrails: list(guardrail).optional().meta({ description: refused }),
    plugins: list(plugin).optional().meta({
      description: '`response_healing` is stored and has no effect. All other plugins are refused.',
    }),
    fallbacks: list(z.object({ model: line }))
      .optional()
      .meta({ description: echoed }),
    cache: z
      .object({
        type: z.literal('exact_match'),
        ttl: z.number().min(1).max(259_200).default(1_800),
      })
      .optional()
      .meta({ description: echoed }),
    load_balancer: z
      .object({
        type: z.literal('weight_based'),
        models: list(z.object({ model: line, weight: z.number().min(0.001).max(1).default(0.5) })),
      })
      .optional()
      .meta({ description: echoed }),
    timeout: z
      .object({ call_timeout: z.number().min(1) })
      .optional()
      .meta({ description: 'The maximum duration of one model call, in milliseconds.' }),
    cache_control: z
      .object({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).default('5m') })
      .optional(),
    prompt_cache_key: line.optional(),
  })
  .transform((parameters): Record<string, unknown> =>
    Object.fromEntries(Object.entries(parameters).filter(([, value]) => value != null)),
  )
  .meta({
    id: 'ModelParameters',
    description: 'The parameters of a model call. A null value counts as absent.',
  })
