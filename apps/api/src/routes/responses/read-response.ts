import { z } from 'zod'
import { ResponseReply } from '../../dialects/openai/response-reply.ts'
import { parseRetrieveQuery } from '../../dialects/openai/retrieve-query.ts'
import {
  IncludeQuery,
  wantsExchange,
  withExchange,
} from '../../dialects/orq/responses/message-history.ts'
import { taskBody } from '../../dialects/orq/responses/response-body.ts'
import { TaskReply } from '../../dialects/orq/responses/response-reply.ts'
import type { Route } from '../../route.ts'
import { waitingFor } from '../../staying-open.ts'
import { waitMsOf } from '../../wait-query.ts'
import { dialectFor, watchInstead } from './shown-dialect.ts'
import { replyContent } from './openai/create-response.ts'
import { retrieveQuery, showResponse } from './openai/retrieve-response.ts'

/** The latest turn of a task. */
export const getResponse: Route = {
  method: 'get',
  path: '/v2/agents/:agent_key/responses/:task_id',
  doc: {
    operationId: 'getResponse',
    tag: 'Responses',
    summary: 'Read the latest turn of a task',
    description:
      'A response that was made in the dialect of OpenAI Responses, and is named by its own id, is shown in it.',
    query: IncludeQuery.extend(retrieveQuery.shape),
    replies: {
      200: {
        description: 'The turn as it is now.',
        content: { ...replyContent, 'application/json': z.union([TaskReply, ResponseReply]) },
      },
    },
  },
  async handle(call, deps) {
    const { workspace, params, query, response } = call
    const { tasks } = deps
    const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
    const { stream } = parseRetrieveQuery(query)
    const waitMs = waitMsOf(query)
    if ((await dialectFor(named, query, { tasks, admit: call.admit })) === 'openai') {
      return await showResponse(named, call, deps)
    }
    if (stream) throw watchInstead()
    const signal = waitingFor(waitMs, response, deps)
    const view = await tasks.get(named, { waitMs, signal })
    const body = taskBody(view)
    if (view.result === undefined || !wantsExchange(query))
      return { status: 200, large: true, body }
    call.admit(view.bytes)
    const facts = await tasks.facts(view.taskId)
    return { status: 200, large: true, body: withExchange(body, facts) }
  },
}
