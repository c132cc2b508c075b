import type { Agent, OnCrash } from '@longhaul/core'
import type { McpServerInput } from './new-mcp-server.ts'
import type { Versioning } from './next-version.ts'
import type { DefinitionInput } from '../secrets/unsealed.ts'

/** One tool of an agent, of any kind, as the caller names or defines it. */
export type ToolEntry = {
  type: string
  /** Names a stored tool: one of `key` and `id`. */
  key?: string | undefined
  id?: string | undefined
  requiresApproval: boolean
  configuration?: Record<string, unknown> | undefined
  timeoutSeconds?: number | undefined
  /** One tool of an MCP server. */
  tool?: string | undefined
  onCrash?: OnCrash | undefined
  /** A whole MCP server, from callers that have not stored it before. */
  server?: Omit<McpServerInput, 'key'> | undefined
  /** A whole tool, from callers that have not stored it before. */
  definition?: StorableTool | undefined
}

export type StorableTool = {
  displayName?: string | undefined
  description: string
  definition: DefinitionInput
}

/** The fields that are stored unchanged. */
const plainFields = [
  'key',
  'path',
  'displayName',
  'role',
  'description',
  'instructions',
  'engine',
  'variables',
  'variablesInMessages',
  'model',
  'fallbacks',
  'team',
  'toolApproval',
  'approval',
  'maxIterations',
  'maxExecutionSeconds',
  'turns',
] as const satisfies (keyof Agent)[]
type PlainFields = Pick<Agent, (typeof plainFields)[number]>

/** The caller's definition of an agent. Unsupported fields are refused. */
export type AgentInput = PlainFields & {
  systemPrompt?: string | undefined
  tools: ToolEntry[]
  maxCost?: number | undefined
  guardrails?: unknown[] | undefined
  /** Null means not set. */
  echo: Record<string, unknown>
}

/** The changes of an agent; null removes the system prompt, or a field of `echo`. */
export type AgentPatch = {
  [name in keyof Omit<AgentInput, 'systemPrompt'>]?: AgentInput[name] | undefined
} & {
  systemPrompt?: string | null | undefined
} & Versioning

export function plainFieldsOf(input: AgentInput): PlainFields
export function plainFieldsOf(input: AgentPatch): Partial<PlainFields>
export function plainFieldsOf(input: AgentPatch): Partial<PlainFields> {
  const named = plainFields.map((name) => [name, input[name]])
  return Object.fromEntries(named.filter(([, value]) => value !== undefined)) as PlainFields
}
