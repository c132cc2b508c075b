import { agentManifest } from '../dialects/orq/agent-manifest.ts'
import type { Route } from '../route.ts'

export const retrieveAgent: Route = {
  method: 'get',
  path: '/v2/agents/:agent_key',
  async handle({ workspace, params }, { agents }) {
    const agent = await agents.get(workspace, params['agent_key'] ?? '')
    return { status: 200, body: agentManifest(agent, workspace) }
  },
}
