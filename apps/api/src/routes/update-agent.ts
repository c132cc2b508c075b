import { agentManifest } from '../dialects/orq/agent-manifest.ts'
import { toAgentPatch, UpdateAgent } from '../dialects/orq/agent-schemas.ts'
import { parse } from '../parse.ts'
import type { Route } from '../route.ts'

export const updateAgent: Route = {
  method: 'patch',
  path: '/v2/agents/:agent_key',
  async handle({ workspace, params, body }, { agents }) {
    const patch = toAgentPatch(parse(UpdateAgent, body))
    const agent = await agents.update(workspace, params['agent_key'] ?? '', patch)
    return { status: 200, body: agentManifest(agent, workspace) }
  },
}
