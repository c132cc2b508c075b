import type {
  BytesInFlight,
  Connections,
  KnownQuotas,
  LonghaulError,
  OpenStreams,
} from '@longhaul/core'
import type { Socket } from 'node:net'
import type { Logger, Metrics } from '@longhaul/process'
import type {
  Agents,
  KeyHolder,
  Limits,
  McpServers,
  OpenedToken,
  Admin,
  Schedules,
  Tasks,
  Tools,
  UsageVerbs,
  Webhooks,
} from '@longhaul/tasks'
import type { Refusals } from './http/refusal-log.ts'
import type { Sessions } from './dashboard/sessions.ts'
import type { OpenRequestKeys } from './request/open-requests.ts'

/** The dependencies of the routes. `main.ts` creates them. */
export type Deps = {
  keys: {
    /**
     * Looks up the holder of a key. Rejects with rate_limited when too many unknown keys came from the address, if
     * there is one.
     */
    authenticate: (bearer: string, address?: string) => Promise<KeyHolder | undefined>
    isOperator: (bearer: string, address?: string) => boolean
    /** Looks up the task of a watch token; undefined if the token is unknown or has expired. */
    watching: (token: string, address?: string) => Promise<OpenedToken | undefined>
  }
  /** The signed-in browsers. */
  sessions: Sessions
  /** The reason why the process cannot serve all requests now; undefined when it can. */
  ready: () => Promise<LonghaulError | undefined>
  /** The requests that stay open, and the connections of clients. */
  streams: OpenStreams
  connections: Connections<Socket>
  /** What workspaces may still submit. */
  quotas: KnownQuotas
  /** Counts and logs requests that a limit refuses. */
  refused: Refusals
  log: Logger
  metrics: Metrics
  /** The bytes of bodies and large replies in transfer. */
  bytesInFlight: BytesInFlight
  /** The maximum time that a synchronous request waits for the end of its turn, in milliseconds. */
  syncWaitMs: number
  /** Aborted when this process shuts down: streams and most callers that wait receive the path of the later answer. */
  stopping: AbortSignal
  /** Aborted at the end of the time that a shutdown gives to open replies. */
  drained: AbortSignal
  openRequestKeys: OpenRequestKeys
  agents: Agents
  tools: Tools
  mcpServers: McpServers
  tasks: Tasks
  schedules: Schedules
  limits: Limits
  operator: Admin
  webhooks: Webhooks
  usage: UsageVerbs
}
