import type { Route } from '../route.ts'

export const deleteResponse: Route = {
  method: 'delete',
  path: '/v2/agents/:agent_key/responses/:task_id',
  doc: {
    operationId: 'deleteResponse',
    tag: 'Responses',
    summary: 'Delete a task',
    description:
      'Cancels the turn that runs and deletes all that the task holds, at once and for good. A response has no life of its own: only the `task_id` of its task is taken here.',
    replies: { 204: { description: 'The task is gone.' } },
  },
  async handle({ workspace, params }, { tasks }) {
    await tasks.forget(workspace, params['agent_key'] ?? '', params['task_id'] ?? '')
    return { status: 204 }
  },
}
