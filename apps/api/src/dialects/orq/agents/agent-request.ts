import { type Agent, defined, Engine, limits, ToolApproval } from '@longhaul/core'
import type { ModelChoice } from '@longhaul/core'
import type { AgentInput, AgentPatch } from '@longhaul/tasks'
import { z } from 'zod'
import {
  echoed,
  first,
  line,
  list,
  map,
  refused,
  text,
  versioning,
} from '../../shared/request-fields.ts'
import { expiresIn, expiryOf, fairnessKey, priority } from '../../shared/turn-options.ts'
import { ModelParameters } from './model-parameters.ts'
import { Tool, toEntry } from './tool-entry.ts'

const examples = ['openai/gpt-4o']

/** A model: an object, or only its id. */
const model = z
  .preprocess(
    (value) => (typeof value === 'string' ? { id: value } : value),
    z.object({
      id: line.meta({
        description: 'The id of the model, in the form `provider/model`.',
        examples,
      }),
      parameters: ModelParameters.nullish(),
      context_window: z.int().min(1_000).max(100_000_000).optional().meta({
        description:
          'The size of the context window in tokens, input and output together. Default: the size in a table of known models.',
      }),
      retry: z
        .object({
          count: z
            .int()
            .min(1)
            .max(5)
            .default(limits.model.retries)
            .meta({ description: 'The number of retries of a failed model call.' }),
          on_codes: z
            .array(z.int().min(100).max(599))
            .min(1)
            .max(500)
            .optional()
            .meta({ description: 'The HTTP statuses on which a call is retried.' }),
        })
        .optional(),
    }),
  )
  .meta({
    id: 'Model',
    description: 'A model: an object, or only its id.',
    // Without this, the document would show only the object into which a text is converted.
    override({ jsonSchema }) {
      const { type = 'object', properties = {}, required = [] } = jsonSchema
      jsonSchema.anyOf = [
        { type: 'string', examples },
        { type, properties, required },
      ]
      for (const name of ['type', 'properties', 'required'] as const) delete jsonSchema[name]
    },
  })

const evaluator = z.object({
  id: line,
  execute_on: z.enum(['input', 'output']),
  sample_rate: z.number().min(1).max(100).default(50),
  options: map.optional(),
})

const settings = z.object({
  max_iterations: z
    .int()
    .min(1)
    .max(limits.iterations.max)
    .optional()
    .meta({ description: 'The maximum number of model calls in a turn. Default: 100.' }),
  max_execution_time: z
    .int()
    .min(1)
    .max(limits.executionSeconds.max)
    .optional()
    .meta({ description: 'The maximum duration of a turn, in seconds. Default: 600.' }),
  max_cost: z.number().min(0).optional().meta({ description: refused }),
  tool_approval_required: ToolApproval.optional().meta({
    description:
      'The tools whose calls wait for a review: all tools, the tools with `requires_approval`, or none.',
  }),
  approval_timeout: z
    .int()
    .min(1)
    .max(limits.approvalSeconds.max)
    .optional()
    .meta({ description: 'Seconds that a call waits for its review. Default: 43200 (12 hours).' }),
  approval_default: z
    .enum(['approved', 'rejected'])
    .optional()
    .meta({ description: 'The decision when a review expires. Default: `rejected`.' }),
  agent_variables_in_messages: z.boolean().optional().meta({
    description:
      'Whether templates in messages may also use the variables of the agent. Default: `false`.',
  }),
  longhaul: z
    .object({
      priority: priority.nullish(),
      fairness_key: fairnessKey.nullish(),
      expires_in: expiresIn.nullish(),
    })
    .optional()
    .meta({
      description:
        'Defaults of the turns of the agent, for requests that do not set them. A change replaces the whole object.',
    }),
  chat_exposed: z.boolean().optional().meta({ description: echoed }),
  tools: z
    .array(Tool)
    .max(limits.agentTools)
    .optional()
    .meta({ description: 'The tools of the agent.' }),
  evaluators: list(evaluator).optional().meta({ description: echoed }),
  guardrails: list(evaluator).optional().meta({ description: refused }),
})

const key = z
  .string()
  .max(limits.fields.key, first)
  .regex(/^[A-Za-z][A-Za-z0-9]*([._-][A-Za-z0-9]+)*$/, {
    error: 'must begin with a letter and have only letters, digits, and single . _ - between them',
  })

const common = {
  display_name: z
    .string()
    .max(limits.fields.displayName)
    .optional()
    .meta({ description: 'The display name. Default: the key.' }),
  system_prompt: text.min(1).nullish().meta({ description: 'The system prompt.' }),
  fallback_models: z
    .array(model)
    .max(limits.fallbackModels)
    .optional()
    .meta({ description: 'The models that are called, in order, when the primary model fails.' }),
  memory_stores: list(line).optional().meta({ description: echoed }),
  knowledge_bases: list(z.object({ knowledge_id: line }))
    .optional()
    .meta({ description: echoed }),
  team_of_agents: list(z.object({ key: line, role: text.optional() }))
    .optional()
    .meta({ description: 'The agents that `call_sub_agent` can call, by their keys.' }),
  skills: list(line).nullish().meta({ description: echoed }),
  variables: map.optional().meta({ description: 'Default values of template variables.' }),
  source: z.enum(['internal', 'external', 'experiment']).optional().meta({ description: echoed }),
  engine: Engine.optional().meta({
    description: 'The template engine of the instructions. Default: `text`.',
  }),
}

export const CreateAgent = z.object({
  ...common,
  key,
  role: text.min(1),
  description: text.min(1),
  instructions: text,
  path: line.min(1),
  model,
  settings,
})
CreateAgent.register(z.globalRegistry, {
  id: 'CreateAgent',
  examples: [
    {
      key: 'concierge',
      role: 'Concierge',
      description: 'Answers the guests of a hotel.',
      instructions: 'Be brief and friendly.',
      path: 'Default',
      model: 'openai/gpt-4o',
      settings: { tools: [{ type: 'current_date' }] },
    },
  ],
})

export const UpdateAgent = z.object({
  ...common,
  ...versioning,
  key: key.optional(),
  role: text.min(1).optional(),
  description: text.min(1).optional(),
  instructions: text.optional(),
  path: line.min(1).optional(),
  project_id: line.optional().meta({ description: echoed }),
  model: model.optional(),
  settings: settings.optional(),
})
UpdateAgent.register(z.globalRegistry, {
  id: 'UpdateAgent',
  examples: [{ instructions: 'Be brief.' }],
})

export function toAgentInput(body: z.output<typeof CreateAgent>): AgentInput {
  const { tools, fallbacks, toolApproval, ...patch } = toAgentPatch(body)
  const { key: name, path, role, description, instructions } = body
  const { display_name: displayName, system_prompt: systemPrompt } = body
  return {
    key: name,
    path,
    ...(displayName !== undefined && { displayName }),
    role,
    description,
    instructions,
    ...(systemPrompt != null && { systemPrompt }),
    engine: patch.engine ?? 'text',
    variables: patch.variables ?? {},
    model: toModel(body.model),
    fallbacks: fallbacks ?? [],
    tools: tools ?? [],
    ...(patch.variablesInMessages !== undefined && {
      variablesInMessages: patch.variablesInMessages,
    }),
    ...(patch.team && { team: patch.team }),
    toolApproval: toolApproval ?? 'respect_tool',
    ...(patch.approval && { approval: patch.approval }),
    maxIterations: patch.maxIterations ?? limits.iterations.default,
    maxExecutionSeconds: patch.maxExecutionSeconds ?? limits.executionSeconds.default,
    ...(patch.turns && { turns: patch.turns }),
    maxCost: patch.maxCost,
    guardrails: patch.guardrails,
    echo: patch.echo ?? {},
  }
}

export function toAgentPatch(body: z.output<typeof UpdateAgent>): AgentPatch {
  const { settings: set = {} } = body
  return {
    key: body.key,
    path: body.path,
    displayName: body.display_name,
    role: body.role,
    description: body.description,
    instructions: body.instructions,
    systemPrompt: body.system_prompt,
    engine: body.engine,
    variables: body.variables,
    variablesInMessages: set.agent_variables_in_messages,
    team: body.team_of_agents?.map(({ key: name, role }) => ({
      key: name,
      ...(role !== undefined && { role }),
    })),
    model: body.model && toModel(body.model),
    fallbacks: body.fallback_models?.map(toModel),
    tools: set.tools?.map(toEntry),
    toolApproval: set.tool_approval_required,
    approval: approvalOf(set),
    maxIterations: set.max_iterations,
    maxExecutionSeconds: set.max_execution_time,
    turns: turnsOf(set),
    maxCost: set.max_cost,
    guardrails: set.guardrails,
    echo: echoOf(body),
    versionIncrement: body.versionIncrement,
    versionDescription: body.versionDescription,
  }
}

/** Only the fields that are set. The others have defaults. */
function approvalOf({
  approval_timeout: withinSeconds,
  approval_default: otherwise,
}: z.output<typeof settings>): Agent['approval'] {
  if (withinSeconds === undefined && otherwise === undefined) return undefined
  return {
    ...(withinSeconds !== undefined && { withinSeconds }),
    ...(otherwise !== undefined && { otherwise }),
  }
}

function turnsOf({ longhaul }: z.output<typeof settings>): Agent['turns'] {
  if (longhaul === undefined) return undefined
  const { priority: rank, fairness_key: fairness, expires_in: expiry } = longhaul
  return defined({
    priority: rank ?? undefined,
    fairnessKey: fairness ?? undefined,
    expiresInMs: expiry == null ? undefined : expiryOf(expiry),
  })
}

function toModel({ id, parameters, retry, context_window }: z.output<typeof model>): ModelChoice {
  return {
    id,
    ...(context_window !== undefined && { contextWindow: context_window }),
    ...(parameters != null && { parameters }),
    ...(retry && {
      retry: { count: retry.count, ...(retry.on_codes && { onCodes: retry.on_codes }) },
    }),
  }
}

/** The fields that are returned unchanged. */
function echoOf(body: z.output<typeof UpdateAgent>): Record<string, unknown> {
  const { project_id, memory_stores, knowledge_bases, skills, source } = body
  return defined({
    project_id,
    memory_stores,
    knowledge_bases,
    skills,
    source,
    chat_exposed: body.settings?.chat_exposed,
    evaluators: body.settings?.evaluators,
  })
}
