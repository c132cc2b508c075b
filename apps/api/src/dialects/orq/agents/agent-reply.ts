import { ToolApproval } from '@longhaul/core'
import { z } from 'zod'
import { freeMap, time } from '../../shared/reply-fields.ts'
import { echoed } from '../../shared/request-fields.ts'

const model = z.object({
  id: z.string(),
  parameters: freeMap.optional(),
  context_window: z
    .int()
    .optional()
    .meta({ description: 'The size of the context window in tokens.' }),
  retry: z.object({ count: z.int(), on_codes: z.array(z.int()).optional() }).optional(),
})

const tool = z.object({
  id: z
    .string()
    .meta({ description: 'The id of the stored tool, or the type of a built-in tool.' }),
  action_type: z.string().meta({ description: 'The type of the tool: `type` in a request.' }),
  key: z.string().optional(),
  display_name: z.string().optional(),
  description: z.string().optional(),
  requires_approval: z
    .boolean()
    .meta({ description: 'Whether calls of the tool wait for a review.' }),
  configuration: freeMap.optional(),
  timeout: z
    .number()
    .optional()
    .meta({ description: 'The maximum duration of a call, in seconds.' }),
})

const settings = z.object({
  max_iterations: z.int().meta({ description: 'The maximum number of model calls in a turn.' }),
  max_execution_time: z.int().meta({ description: 'The maximum duration of a turn, in seconds.' }),
  max_cost: z.literal(0),
  tool_approval_required: ToolApproval,
  approval_timeout: z
    .int()
    .optional()
    .meta({ description: 'Seconds that a call waits for its review.' }),
  approval_default: z
    .enum(['approved', 'rejected'])
    .optional()
    .meta({ description: 'The decision when a review expires.' }),
  agent_variables_in_messages: z.boolean().optional(),
  longhaul: z
    .object({
      priority: z.int().optional(),
      fairness_key: z.string().optional(),
      expires_in: z.string().optional().meta({ description: 'A duration of ISO 8601.' }),
    })
    .optional()
    .meta({ description: 'Defaults of the turns of the agent.' }),
  tools: z.array(tool),
  chat_exposed: z.boolean().optional().meta({ description: echoed }),
  evaluators: z.array(freeMap).optional().meta({ description: echoed }),
})

/** One version of an agent. */
export const AgentReply = z
  .object({
    _id: z.string(),
    key: z.string(),
    display_name: z
      .string()
      .meta({ description: 'The display name, or the key if there is none.' }),
    workspace_id: z.string(),
    project_id: z.string(),
    status: z.literal('live'),
    type: z.literal('internal'),
    version: z.string().meta({ examples: ['1.0.0'] }),
    created: time,
    updated: time,
    path: z.string(),
    role: z.string(),
    description: z.string(),
    instructions: z.string(),
    system_prompt: z.string().optional(),
    engine: z.enum(['text', 'jinja', 'mustache']),
    variables: freeMap,
    model: model.extend({ fallback_models: z.array(model) }),
    settings,
    memory_stores: z.array(z.string()).meta({ description: echoed }),
    knowledge_bases: z.array(freeMap).meta({ description: echoed }),
    team_of_agents: z.array(freeMap).meta({ description: echoed }),
    skills: z.array(z.string()).meta({ description: echoed }),
    source: z.string().optional().meta({ description: echoed }),
  })
  .meta({ id: 'Agent', description: 'One version of an agent.' })
