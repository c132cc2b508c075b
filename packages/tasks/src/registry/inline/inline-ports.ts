import type { McpServer, Registry, StoredTool } from '@longhaul/core'
import type { Seal } from '../../secrets/seal.ts'

/** What is needed to find or make the tools that an agent names. */
export type PreparePorts = {
  workspace: string
  /** The folder of tools that are defined within an agent: the agent's own. */
  path: string
  tools: Registry<StoredTool>
  servers: Registry<McpServer>
  newId: () => string
  now: () => number
  seal: Seal
}
