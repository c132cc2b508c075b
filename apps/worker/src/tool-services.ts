import type { Python, ToolServices } from '@longhaul/agent'
import { isMcpServerId, type McpClient, type McpServer } from '@longhaul/core'
import type { Registry, StoredTool } from '@longhaul/core'
import type { Egress, Vault } from '@longhaul/outbound'
import type { Logger } from '@longhaul/process'

type Options = {
  /** The outgoing connections of a workspace. */
  egressOf: (workspace: string) => Egress
  mcpOf: (workspace: string) => McpClient
  python: Python
  vault: Vault
  tools: Registry<StoredTool>
  servers: Registry<McpServer>
  log: Logger
}

/** The dependencies of a workspace's tools. */
export function createServices({ egressOf, mcpOf, python, vault, tools, servers, log }: Options) {
  return (workspace: string): ToolServices => ({
    workspace,
    egress: egressOf(workspace),
    mcp: mcpOf(workspace),
    python,
    open(sealed) {
      try {
        return vault.open(sealed, workspace)
      } catch (error) {
        // The model receives only the message that the secret cannot be opened.
        log.error({ err: error, workspace }, 'secret cannot be opened')
        throw error
      }
    },
    async headersOf(id) {
      if (isMcpServerId(id)) return (await servers.get(workspace, id))?.headers
      const tool = await tools.get(workspace, id)
      return tool?.definition.type === 'http' ? tool.definition.http.headers : undefined
    },
  })
}
