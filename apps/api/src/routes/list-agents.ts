import { isUlid } from '@longhaul/core'
import { agentManifest } from '../dialects/orq/agent-manifest.ts'
import { pageBody, parsePage } from '../dialects/orq/page.ts'
import type { Route } from '../route.ts'

export const listAgents: Route = {
  method: 'get',
  path: '/v2/agents',
  async handle({ workspace, query }, { agents }) {
    const request = parsePage(query, (cursor) => (isUlid(cursor) ? cursor : undefined))
    const page =
      // Older SDKs can ask for remote agents, which are not known here.
      query.get('type') === 'a2a'
        ? { items: [], more: false }
        : await agents.list(workspace, request)
    return { status: 200, body: pageBody(page, (agent) => agentManifest(agent, workspace)) }
  },
}
