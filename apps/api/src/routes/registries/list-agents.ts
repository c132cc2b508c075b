import { isUlid } from '@longhaul/core'
import { agentManifest } from '../../dialects/orq/agents/agent-body.ts'
import { AgentReply } from '../../dialects/orq/agents/agent-reply.ts'
import { AgentsQuery } from '../../dialects/orq/agents/agents-query.ts'
import { pageBody, pageReply, parsePage } from '../../dialects/shared/page.ts'
import { parseQuery } from '../../parse-query.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const listAgents: Route = {
  method: 'get',
  path: '/v2/agents',
  doc: {
    operationId: 'listAgents',
    tag: 'Agents',
    summary: 'List agents',
    description:
      'From the newest to the oldest; all of them unless there is a limit. A page of more than 8 MB ends early: while `has_more` is true, the next one begins after its last item.',
    query: AgentsQuery,
    replies: { 200: json('A page of agents.', pageReply(AgentReply)) },
  },
  async handle({ workspace, query }, { agents }) {
    const { type } = parseQuery(AgentsQuery, query)
    const request = parsePage(query, (cursor) => (isUlid(cursor) ? cursor : undefined))
    const page =
      // Older SDKs can ask for remote agents, which are not known here.
      type === 'a2a' ? { items: [], more: false } : await agents.list(workspace, request)
    return {
      status: 200,
      large: true,
      body: pageBody(page, (agent) => agentManifest(agent, workspace)),
    }
  },
}
