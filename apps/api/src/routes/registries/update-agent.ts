import { agentManifest } from '../../dialects/orq/agents/agent-body.ts'
import { AgentReply } from '../../dialects/orq/agents/agent-reply.ts'
import { toAgentPatch, UpdateAgent } from '../../dialects/orq/agents/agent-request.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const updateAgent: Route<typeof UpdateAgent> = {
  method: 'patch',
  path: '/v2/agents/:agent_key',
  body: UpdateAgent,
  refusesUnsupported: true,
  doc: {
    operationId: 'updateAgent',
    tag: 'Agents',
    summary: 'Change an agent',
    description:
      'Makes a new version. Only the fields that are given change; a list replaces the whole list.',
    replies: { 200: json('The agent, in its new version.', AgentReply) },
    errors: { 409: 'The new key is taken, or somebody else changed the agent meanwhile.' },
  },
  async handle({ workspace, params, body }, { agents }) {
    const patch = toAgentPatch(body)
    const agent = await agents.update(workspace, params['agent_key'] ?? '', patch)
    return { status: 200, body: agentManifest(agent, workspace) }
  },
}
