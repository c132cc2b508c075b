import { z } from 'zod'
import { Approval, Engine, ModelChoice, OnCrash } from './plan.ts'
import { Registered } from './registered.ts'

/** Which calls wait for a reviewer: those of every tool, of tools marked so, or none. */
export const ToolApproval = z.enum(['all', 'respect_tool', 'none'])
export type ToolApproval = z.infer<typeof ToolApproval>

/**
 * A tool as an agent holds it. `id` is the stored tool's, or the kind itself when the tool comes with
 * Longhaul. The names are what the tool was called when the agent was stored, for people to read.
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
  /** Of an MCP server the one tool that is meant, by its name; without it all are. */
  tool: z.string().optional(),
  /** Of an MCP server's tools, where they do not follow what it says of them. */
  onCrash: OnCrash.optional(),
  /** How long a call may take in this agent. */
  timeoutSeconds: z.number().optional(),
})
export type AgentTool = z.infer<typeof AgentTool>

/** One version of an agent. */
export const Agent = Registered.extend({
  path: z.string(),
  displayName: z.string().optional(),
  role: z.string(),
  description: z.string(),
  instructions: z.string(),
  /** Absent: a prompt is made of role, description and instructions. */
  systemPrompt: z.string().optional(),
  engine: Engine,
  /** Defaults of the templates' variables. */
  variables: z.record(z.string(), z.unknown()),
  /** Whether the templates of messages may print these variables; absent: they may not. */
  variablesInMessages: z.boolean().optional(),
  model: ModelChoice,
  fallbacks: z.array(ModelChoice),
  tools: z.array(AgentTool),
  /** The agents that this one may call, by their keys. */
  team: z.array(z.object({ key: z.string(), role: z.string().optional() })).optional(),
  toolApproval: ToolApproval,
  /** Absent: the default time, and then rejected. */
  approval: Approval.partial().optional(),
  maxIterations: z.int(),
  maxExecutionSeconds: z.int(),
  /** Fields that are given back as they came and mean nothing to Longhaul. */
  echo: z.record(z.string(), z.unknown()),
})
export type Agent = z.infer<typeof Agent>
