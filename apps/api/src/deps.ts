import type { BytesInFlight, Connections, LonghaulError, OpenStreams } from '@longhaul/core'
import type { Socket } from 'node:net'
import type { Logger, Metrics } from '@longhaul/process'
import type {
  Agents,
  KeyHolder,
  McpServers,
  OpenedToken,
  Admin,
  Tasks,
  Tools,
} from '@longhaul/tasks'
import type { Refusals } from './http/refusal-log.ts'

/** What the routes work with; `main.ts` puts it together. */
export type Deps = {
  keys: {
    /** Whose key it is. Rejects with rate_limited when too many unknown keys came from the address, where one is given. */
    authenticate: (bearer: string, address?: string) => Promise<KeyHolder | undefined>
    isOperator: (bearer: string, address?: string) => boolean
    /** What a watch token opens; undefined when it is none, or has expired. */
    watching: (token: string, address?: string) => Promise<OpenedToken | undefined>
  }
  /** The reason why not all requests can be served at the moment; undefined when they can. */
  ready: () => Promise<LonghaulError | undefined>
  /** What requests hold open, and the connections that bring them. */
  streams: OpenStreams
  connections: Connections<Socket>
  /** Counts and logs what a limit refuses. */
  refused: Refusals
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
  operator: Admin
}
