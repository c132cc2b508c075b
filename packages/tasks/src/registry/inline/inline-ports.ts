import type { McpServer, Registry, StoredTool } from '@longhaul/core'
import type { Seal } from '../../secrets/seal.ts'

/** The ports to find or make the tools that an agent names. */
export type PreparePorts = {
  workspace: string
  /** The folder (`path`) of the agent, which the tools that are defined within it get, too. */
  path: string
  tools: Registry<StoredTool>
  servers: Registry<McpServer>
  newId: () => string
  now: () => number
  seal: Seal
}
