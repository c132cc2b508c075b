import { closing } from '../closing.ts'
import { IncludeQuery, wantsExchange, withExchange } from '../dialects/orq/exchange.ts'
import { taskBody } from '../dialects/orq/response-body.ts'
import { TaskReply } from '../dialects/orq/response-reply.ts'
import { json } from '../reply-doc.ts'
import type { Route } from '../route.ts'
import { waitMsOf, WaitQuery } from '../wait-query.ts'

/** The latest turn of a task. */
export const getResponse: Route = {
  method: 'get',
  path: '/v2/agents/:agent_key/responses/:task_id',
  doc: {
    operationId: 'getResponse',
    tag: 'Responses',
    summary: 'Read the latest turn of a task',
    query: IncludeQuery.extend(WaitQuery.shape),
    replies: { 200: json('The turn as it is now.', TaskReply) },
  },
  async handle({ workspace, params, query, response }, { tasks, stopping }) {
    const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
    const signal = closing(response, stopping)
    const view = await tasks.get(named, { waitMs: waitMsOf(query), signal })
    const body = taskBody(view)
    if (view.result === undefined || !wantsExchange(query)) return { status: 200, body }
    return { status: 200, body: withExchange(body, await tasks.facts(view.taskId)) }
  },
}
