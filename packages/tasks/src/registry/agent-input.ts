import type { Agent, OnCrash } from '@longhaul/core'
import type { McpServerInput } from './new-mcp-server.ts'
import type { Versioning } from './next-version.ts'
import type { DefinitionInput } from '../secrets/unsealed.ts'

/** One tool that the caller wants an agent to have, of whatever kind. */
export type ToolEntry = {
  type: string
  /** Which stored tool is meant: one of the two. */
  key?: string | undefined
  id?: string | undefined
  requiresApproval: boolean
  configuration?: Record<string, unknown> | undefined
  timeoutSeconds?: number | undefined
  /** Of an MCP server the one tool that is meant. */
  tool?: string | undefined
  onCrash?: OnCrash | undefined
  /** A whole MCP server, from callers that do not store theirs first. */
  server?: Omit<McpServerInput, 'key'> | undefined
  /** A whole tool, from callers that do not store their tools first. */
  definition?: StorableTool | undefined
}

export type StorableTool = {
  displayName?: string | undefined
  description: string
  definition: DefinitionInput
}

/** The fields that are stored as the caller gives them. */
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
] as const satisfies (keyof Agent)[]
type PlainFields = Pick<Agent, (typeof plainFields)[number]>

/** What a caller says an agent shall be. Some of it cannot be done yet and is then refused. */
export type AgentInput = PlainFields & {
  systemPrompt?: string | undefined
  tools: ToolEntry[]
  maxCost?: number | undefined
  guardrails?: unknown[] | undefined
  /** Null says: not set. */
  echo: Record<string, unknown>
}

/** What shall change; null takes the system prompt, or a field of `echo`, away. */
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
