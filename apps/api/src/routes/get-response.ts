import { wantsExchange, withExchange } from '../dialects/orq/exchange.ts'
import { taskBody } from '../dialects/orq/response-body.ts'
import type { Route } from '../route.ts'

/** The latest turn of a task. */
export const getResponse: Route = {
  method: 'get',
  path: '/v2/agents/:agent_key/responses/:task_id',
  async handle({ workspace, params, query }, { tasks }) {
    const view = await tasks.get(workspace, params['agent_key'] ?? '', params['task_id'] ?? '')
    const body = taskBody(view)
    if (view.result === undefined || !wantsExchange(query)) return { status: 200, body }
    return { status: 200, body: withExchange(body, await tasks.facts(view.taskId)) }
  },
}
