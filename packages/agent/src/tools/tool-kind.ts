import type { HttpHeader, McpClient, ServerTool, TeamMember } from '@longhaul/core'
import type { Egress } from '@longhaul/outbound'
import type { Python } from '../python/python.ts'

/** Returned by a tool whose call is answered later. The turn waits for the answer. */
export const answeredLater = Symbol('answered later')

/**
 * Runs one call. Returns what the model reads, as JSON, or a promise of it; throws an Error whose message the model
 * reads instead.
 */
export type ToolKind<Kind extends ServerTool['kind']> = (
  input: Record<string, unknown>,
  context: ToolContext<Extract<ServerTool, { kind: Kind }>>,
) => unknown

export type ToolContext<Tool = ServerTool> = {
  tool: Tool
  /** The same whenever the call is made again. */
  idempotencyKey: string
  /** The turn's, secrets still sealed. */
  variables: Record<string, unknown>
  services: ToolServices
  /** Begins the task of another agent, which answers this call when it has ended. */
  callAgent: (agent: TeamMember, message: string) => Promise<void>
  /** Epoch milliseconds. */
  now: number
  /** Stops the clock of the call, for as long as it waits for its turn; what is returned starts it again. */
  pause: () => () => void
  /** Aborted when the call is to stop, also when its time is over. */
  signal: AbortSignal
}

/** What tools reach outside of their process. */
export type ToolServices = {
  workspace: string
  egress: Egress
  python: Python
  mcp: Pick<McpClient, 'call'>
  /** Opens what was sealed in the turn's workspace. */
  open: (sealed: string) => string
  /** The headers of a stored `http` tool or MCP server as they are now; undefined when it is gone. */
  headersOf: (id: string) => Promise<Record<string, HttpHeader> | undefined>
}
