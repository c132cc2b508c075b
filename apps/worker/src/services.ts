import type { Python, ToolServices } from '@longhaul/agent'
import type { Registry, StoredTool } from '@longhaul/core'
import type { Egress, Vault } from '@longhaul/outbound'

type Options = { egress: Egress; python: Python; vault: Vault; tools: Registry<StoredTool> }

/** What the tools of a workspace's turns work with. */
export function createServices({ egress, python, vault, tools }: Options) {
  return (workspace: string): ToolServices => ({
    egress,
    python,
    open: (sealed) => vault.open(sealed, workspace),
    async headersOf(toolId) {
      const tool = await tools.get(workspace, toolId)
      return tool?.definition.type === 'http' ? tool.definition.http.headers : undefined
    },
  })
}
