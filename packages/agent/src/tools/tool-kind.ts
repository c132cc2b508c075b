import type { HttpHeader, McpClient, ServerTool, TeamMember } from '@longhaul/core'
import type { Egress } from '@longhaul/outbound'
import type { Python } from '../python/python.ts'

/** Returned by a tool whose call is answered later. The turn waits for the answer. */
export const answeredLater = Symbol('answered later')

/**
 * Runs one call. Returns the result for the model, a JSON value or a `ResultWithFiles`, or a promise of it. Throws an Error when it fails; the
 * model then reads the message.
 */
export type ToolKind<Kind extends ServerTool['kind']> = (
  input: Record<string, unknown>,
  context: ToolContext<Extract<ServerTool, { kind: Kind }>>,
) => unknown

/** The same for a call that neither waits nor has an effect: a repeat is harmless. */
export type InstantKind<Kind extends ServerTool['kind']> = (
  input: Record<string, unknown>,
  context: Pick<ToolContext<Extract<ServerTool, { kind: Kind }>>, 'tool' | 'now'>,
) => unknown

export type ToolContext<Tool = ServerTool> = {
  tool: Tool
  /** The same for every repeat of the call. */
  idempotencyKey: string
  /** The variables of the turn, with sealed secrets. */
  variables: Record<string, unknown>
  services: ToolServices
  /** Begins the task of another agent, which answers this call when it has ended. */
  callAgent: (agent: TeamMember, message: string) => Promise<void>
  /** Epoch milliseconds. */
  now: number
  /** Stops the time limit of the call while the call waits in a queue. The returned function resumes it. */
  pause: () => () => void
  /** Aborted when the call must stop, also at its time limit. */
  signal: AbortSignal
}

/** The access of tools to the world outside of their process. */
export type ToolServices = {
  workspace: string
  egress: Egress
  python: Python
  mcp: Pick<McpClient, 'call'>
  /** Opens a secret that was sealed in the turn's workspace. */
  open: (sealed: string) => string
  /** The current headers of a stored `http` tool or MCP server; undefined when it is gone. */
  headersOf: (id: string) => Promise<Record<string, HttpHeader> | undefined>
}
