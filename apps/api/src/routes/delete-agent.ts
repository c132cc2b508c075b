import type { Route } from '../route.ts'

export const deleteAgent: Route = {
  method: 'delete',
  path: '/v2/agents/:agent_key',
  doc: {
    operationId: 'deleteAgent',
    tag: 'Agents',
    summary: 'Delete an agent',
    description: 'Takes all of its versions away, cancels its turns and frees its key.',
    replies: { 204: { description: 'The agent is gone.' } },
  },
  async handle({ workspace, params }, { agents }) {
    await agents.remove(workspace, params['agent_key'] ?? '')
    return { status: 204 }
  },
}
