import { z } from 'zod'
import { Approval, Engine, ModelChoice, OnCrash } from './plan.ts'
import { Registered } from './registered.ts'

/** The calls that wait for a reviewer: those of all tools, those of tools with `requiresApproval`, or none. */
export const ToolApproval = z.enum(['all', 'respect_tool', 'none'])
export type ToolApproval = z.infer<typeof ToolApproval>

/**
 * A tool of an agent. `id` is the id of a stored tool, or the kind of a built-in tool. The names are those that the
 * tool had when the agent was stored, for people to read.
 */
export const AgentTool = z.object({
  kind: z.enum([
    'function',
    'current_date',
    'web_scraper',
    'retrieve_agents',
    'call_sub_agent',
    'http',
    'code',
    'mcp',
    'json_schema',
  ]),
  id: z.string(),
  key: z.string().optional(),
  displayName: z.string().optional(),
  description: z.string().optional(),
  requiresApproval: z.boolean(),
  /** Arguments that the model cannot change. */
  configuration: z.record(z.string(), z.unknown()).optional(),
  /** For an MCP server: the name of the only tool to use. When absent, all its tools are used. */
  tool: z.string().optional(),
  /** For the tools of an MCP server: a policy that replaces the one derived from their annotations. */
  onCrash: OnCrash.optional(),
  /** The time limit of a call in this agent. */
  timeoutSeconds: z.number().optional(),
})
export type AgentTool = z.infer<typeof AgentTool>

/** What holds for the turns of an agent whose requests say nothing else. */
export const TurnDefaults = z.object({
  priority: z.literal([1, 2, 3, 4, 5]).optional(),
  fairnessKey: z.string().optional(),
  expiresInMs: z.number().optional(),
})
export type TurnDefaults = z.infer<typeof TurnDefaults>

/** One version of an agent. */
export const Agent = Registered.extend({
  path: z.string(),
  displayName: z.string().optional(),
  role: z.string(),
  description: z.string(),
  instructions: z.string(),
  /** When absent, a prompt is made of role, description and instructions. */
  systemPrompt: z.string().optional(),
  engine: Engine,
  /** Defaults of the templates' variables. */
  variables: z.record(z.string(), z.unknown()),
  /** Whether the templates of messages may print these variables. When absent, they may not. */
  variablesInMessages: z.boolean().optional(),
  model: ModelChoice,
  fallbacks: z.array(ModelChoice),
  tools: z.array(AgentTool),
  /** The agents that this one may call, by their keys. */
  team: z.array(z.object({ key: z.string(), role: z.string().optional() })).optional(),
  toolApproval: ToolApproval,
  /** When absent: the default time, then rejection. */
  approval: Approval.partial().optional(),
  maxIterations: z.int(),
  maxExecutionSeconds: z.int(),
  turns: TurnDefaults.optional(),
  /** Fields that are returned unchanged and that Longhaul does not use. */
  echo: z.record(z.string(), z.unknown()),
})
export type Agent = z.infer<typeof Agent>
