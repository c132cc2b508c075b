import { noAgent } from '@longhaul/core'
import {
  IncludeQuery,
  wantsHistory,
  withHistory,
} from '../../dialects/orq/responses/message-history.ts'
import { taskBody } from '../../dialects/orq/responses/response-body.ts'
import { holdWhileWaiting } from '../../http/hold-open.ts'
import { json } from '../../reply-doc.ts'
import { WaitQuery, waitMsOf } from '../../request/wait-query.ts'
import type { Route } from '../../route.ts'
import { TaskOfAgent } from './task-of-agent.ts'

/** Reads the latest turn of a task whose agent the caller does not know. */
export const getTask: Route = {
  method: 'get',
  path: '/v2/responses/:task_id',
  doc: {
    operationId: 'getTask',
    tag: 'Responses',
    summary: 'Read the latest turn of a task by its id alone',
    description:
      'Returns the task as it is now, with the key of its agent, which the other paths of the task contain. If there is no `agent_key`, they contain `-` in its place.',
    query: WaitQuery.extend(IncludeQuery.shape),
    replies: { 200: json('The latest turn in its current state.', TaskOfAgent) },
  },
  async handle({ workspace, params, query, admit, response }, deps) {
    const { tasks, agents } = deps
    const waitMs = waitMsOf(query)
    const signal = holdWhileWaiting(waitMs, response, deps)
    const view = await tasks.get({ workspace, id: params['task_id'] ?? '' }, { waitMs, signal })
    const { agentId } = view
    const agentKey =
      agentId === noAgent ? undefined : (await agents.keysOf(workspace, [agentId])).get(agentId)
    const task = { ...(agentKey !== undefined && { agent_key: agentKey }), ...taskBody(view) }
    if (view.result === undefined || !wantsHistory(query)) {
      return { status: 200, large: true, body: task }
    }
    admit(view.bytes)
    const body = withHistory(task, await tasks.facts(view.taskId))
    return { status: 200, large: true, body }
  },
}
