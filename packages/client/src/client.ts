import { createAdmin } from './nouns/admin.ts'
import { createAgents } from './nouns/agents.ts'
import { createReviews } from './nouns/reviews.ts'
import { createSchedules } from './nouns/schedules.ts'
import { createTasks } from './nouns/tasks.ts'
import { createMcpServers, createTools } from './nouns/tools.ts'
import { createWebhooks } from './nouns/webhooks.ts'
import { createRequest } from './request/create-request.ts'
import type { CallOptions, ClientOptions } from './request/request-options.ts'
import { createSend } from './request/send.ts'
import type { UsageQuery } from './types.ts'

export type Client = ReturnType<typeof createClient>

/** The client of an API. It holds no connection and need not be closed. */
export function createClient(options: ClientOptions = {}) {
  const send = createSend(options)
  const request = createRequest(send)
  return {
    /** Calls any operation of the OpenAPI document, for those that have no function here. */
    request,
    tasks: createTasks({ send, request, patienceMs: options.patienceMs ?? 5 * 60_000 }),
    /** The tool calls that wait for a person. */
    reviews: createReviews(request),
    agents: createAgents(request),
    tools: createTools(request),
    mcpServers: createMcpServers(request),
    schedules: createSchedules(request),
    webhooks: createWebhooks(request),
    limits: {
      /** The limits of the workspace, and how much of them is in use. */
      get: (call: CallOptions = {}) => request('get', '/v2/limits', call),
    },
    usage: {
      /** What the workspace has used, by time and, if wanted, by agent, model or identity. */
      get: (query: UsageQuery = {}, call: CallOptions = {}) =>
        request('get', '/v2/usage', { ...call, query }),
    },
    /** What only the operator key may do, in all workspaces. */
    admin: createAdmin(request),
    /** Whether the API can serve requests. Rejects with the reason if it cannot. */
    ready: (call: CallOptions = {}) => request('get', '/readyz', call),
  }
}
