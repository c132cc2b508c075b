import { responseId } from '@longhaul/core'
import { z } from 'zod'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

const RedrivenReply = z.object({
  task_id: z.string(),
  response_id: z
    .string()
    .meta({ description: 'The id of the new turn, which continues the task.' }),
})

/** Redrives the failed turn of a task of the workspace. */
export const redriveTask: Route = {
  method: 'post',
  path: '/v2/agents/:agent_key/responses/:task_id/redrive',
  doc: {
    operationId: 'redriveTask',
    tag: 'Responses',
    summary: 'Redrive a failed task',
    description:
      'Continues the failed turn in a new turn, with the same version of the agent and the same variables. Recorded steps are not repeated. The limits of the workspace apply as for any new turn. Idempotent.',
    replies: { 202: json('The task continues.', RedrivenReply) },
    errors: {
      409: 'The task has not failed, or its agent was deleted.',
      422: 'The task is full.',
    },
  },
  async handle({ workspace, params }, { tasks }) {
    const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
    const { taskId, turn } = await tasks.redrive(named)
    return { status: 202, body: { task_id: taskId, response_id: responseId(taskId, turn) } }
  },
}
