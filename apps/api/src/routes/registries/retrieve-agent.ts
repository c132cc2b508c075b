import { agentManifest } from '../../dialects/orq/agents/agent-body.ts'
import { AgentReply } from '../../dialects/orq/agents/agent-reply.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const retrieveAgent: Route = {
  method: 'get',
  path: '/v2/agents/:agent_key',
  doc: {
    operationId: 'retrieveAgent',
    tag: 'Agents',
    summary: 'Read an agent',
    replies: { 200: json('The agent.', AgentReply) },
  },
  async handle({ workspace, params }, { agents }) {
    const agent = await agents.get(workspace, params['agent_key'] ?? '')
    return { status: 200, body: agentManifest(agent, workspace) }
  },
}
