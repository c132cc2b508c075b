import { parseResponseId } from '@longhaul/core'
import { DeletedReply } from '../../dialects/openai/response-reply.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'
import { hideResponse } from './openai/delete-response.ts'

export const deleteResponse: Route = {
  method: 'delete',
  path: '/v2/agents/:agent_key/responses/:task_id',
  doc: {
    operationId: 'deleteResponse',
    tag: 'Responses',
    summary: 'Delete a task',
    description:
      'Cancels the turn that runs and deletes all that the task holds, at once and for good. Where the id of a response is given, that one is deleted, and its task with the last of them.',
    replies: {
      200: json('The response is gone.', DeletedReply),
      204: { description: 'The task is gone.' },
    },
  },
  async handle({ workspace, params }, { tasks }) {
    const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
    if (parseResponseId(named.id) !== undefined) return await hideResponse(named, { tasks })
    await tasks.forget(named)
    return { status: 204 }
  },
}
