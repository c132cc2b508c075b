import { agentManifest } from '../dialects/orq/agent-manifest.ts'
import { CreateAgent, toAgentInput } from '../dialects/orq/agent-schemas.ts'
import { parse } from '../parse.ts'
import type { Route } from '../route.ts'

export const createAgent: Route = {
  method: 'post',
  path: '/v2/agents',
  async handle({ workspace, body }, { agents }) {
    const agent = await agents.create(workspace, toAgentInput(parse(CreateAgent, body)))
    return { status: 201, body: agentManifest(agent, workspace) }
  },
}
