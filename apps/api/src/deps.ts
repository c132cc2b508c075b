import type { BytesInFlight, Watchable } from '@longhaul/core'
import type { Logger, Metrics } from '@longhaul/process'
import type { Agents, KeyHolder, McpServers, Operator, Tasks, Tools } from '@longhaul/tasks'

/** What the routes work with; `main.ts` puts it together. */
export type Deps = {
  keys: {
    authenticate: (bearer: string) => Promise<KeyHolder | undefined>
    isOperator: (bearer: string) => boolean
    /** What a watch token opens; undefined when it is none, or has expired. */
    watching: (token: string) => Promise<Watchable | undefined>
  }
  /** The reason why requests cannot be served at the moment; undefined when they can. */
  ready: () => Promise<string | undefined>
  log: Logger
  metrics: Metrics
  /** What bodies and large replies hold that are under way. */
  bytesInFlight: BytesInFlight
  /** How long a synchronous call waits for its turn to end, milliseconds. */
  syncWaitMs: number
  /** Aborted when this process is told to go: whoever waits is told where the answer will be. */
  stopping: AbortSignal
  agents: Agents
  tools: Tools
  mcpServers: McpServers
  tasks: Tasks
  operator: Operator
}
