import type { Route } from '../route.ts'

export const deleteAgent: Route = {
  method: 'delete',
  path: '/v2/agents/:agent_key',
  async handle({ workspace, params }, { agents }) {
    await agents.remove(workspace, params['agent_key'] ?? '')
    return { status: 204 }
  },
}
