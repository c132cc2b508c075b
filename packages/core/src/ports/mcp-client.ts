import type { McpTool } from '../manifest/mcp-server.ts'
import type { McpTransport } from '../manifest/mcp-transport.ts'
import type { ReserveCapacity } from './memory.ts'

/** The address of a server, with its secret headers in clear text. */
export type McpTarget = { url: string; transport: McpTransport; headers: Record<string, string> }

/** The result of a call: its structure or its text, and its files as the server declares them. */
export type McpResult = { result: unknown; files: McpFile[] }
export type McpFile = { mimeType: string; bytes: string }

/** Calls MCP servers. Rejects with an Error whose message a model can read. */
export interface McpClient {
  list(target: McpTarget, options: { signal: AbortSignal; timeoutMs: number }): Promise<McpTool[]>
  /** `key` is the same for every repetition of the call. */
  call(
    target: McpTarget,
    call: { tool: string; arguments: Record<string, unknown>; key: string },
    options: { signal: AbortSignal; timeoutMs: number; capacity?: ReserveCapacity },
  ): Promise<McpResult>
}
