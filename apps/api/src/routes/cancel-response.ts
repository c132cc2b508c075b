import { taskBody } from '../dialects/orq/response-body.ts'
import { closing } from '../closing.ts'
import type { Route } from '../route.ts'
import { waitOf } from '../wait-of.ts'

/** Cancels a turn: 200 with the task when it has ended, 202 while it stops. */
export const cancelResponse: Route = {
  method: 'post',
  path: '/v2/agents/:agent_key/responses/:task_id/cancel',
  body: 'optional',
  async handle({ workspace, params, query, response }, { tasks }) {
    const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
    const options = { waitMs: waitOf(query), signal: closing(response) }
    const { view, ended } = await tasks.cancel(named, options)
    return { status: ended ? 200 : 202, body: taskBody(view) }
  },
}
