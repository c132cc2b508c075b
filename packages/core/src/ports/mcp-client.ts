import type { McpTool } from '../manifest/mcp-server.ts'
import type { McpTransport } from '../manifest/mcp-transport.ts'
import type { ReserveCapacity } from './memory.ts'

/** Where a server is, with the secrets that it wants, in clear. */
export type McpTarget = { url: string; transport: McpTransport; headers: Record<string, string> }

/** Speaks with MCP servers. Rejects with an Error that a model can read. */
export interface McpClient {
  list(target: McpTarget, options: { signal: AbortSignal; timeoutMs: number }): Promise<McpTool[]>
  /** `key` is the same whenever the call is made again. */
  call(
    target: McpTarget,
    call: { tool: string; arguments: Record<string, unknown>; key: string },
    options: { signal: AbortSignal; timeoutMs: number; capacity?: ReserveCapacity },
  ): Promise<unknown>
}
