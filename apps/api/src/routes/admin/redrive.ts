import { responseId } from '@longhaul/core'
import { z } from 'zod'
import { json } from '../../reply-doc.ts'
import type { OperatorRoute } from '../../route.ts'

const RedrivenReply = z.object({
  task_id: z.string(),
  response_id: z
    .string()
    .meta({ description: 'The id of the new turn, which continues the task.' }),
})

/** Redrives the failed turn of a task. */
export const adminRedrive: OperatorRoute = {
  method: 'post',
  path: '/v2/admin/tasks/:task_id/redrive',
  auth: 'operator',
  doc: {
    operationId: 'adminRedrive',
    tag: 'Operations',
    summary: 'Redrive a failed task',
    description:
      'Continues the failed turn in a new turn, with the same version of the agent and the same variables. Recorded steps are not repeated. Limits and usage start again from zero. Idempotent.',
    replies: { 202: json('The task continues.', RedrivenReply) },
    errors: {
      409: 'The task has not failed, or its agent was deleted.',
      422: 'The task is full.',
    },
  },
  async handle({ params }, { operator }) {
    const { taskId, turn } = await operator.redrive(params['task_id'] ?? '')
    return { status: 202, body: { task_id: taskId, response_id: responseId(taskId, turn) } }
  },
}
