import { agentManifest } from '../../dialects/orq/agents/agent-body.ts'
import { AgentReply } from '../../dialects/orq/agents/agent-reply.ts'
import { CreateAgent, toAgentInput } from '../../dialects/orq/agents/agent-request.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const createAgent: Route<typeof CreateAgent> = {
  method: 'post',
  path: '/v2/agents',
  body: CreateAgent,
  refusesUnsupported: true,
  doc: {
    operationId: 'createAgent',
    tag: 'Agents',
    summary: 'Create an agent',
    replies: { 201: json('The agent, in its first version.', AgentReply) },
    errors: { 409: 'The key is taken.' },
  },
  async handle({ workspace, body }, { agents }) {
    const agent = await agents.create(workspace, toAgentInput(body))
    return { status: 201, body: agentManifest(agent, workspace) }
  },
}
