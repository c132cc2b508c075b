import { hasEnded, type Status } from '@longhaul/core'
import { z } from 'zod'
import { FormatQuery } from '../../dialects/format.ts'
import { ResponseReply } from '../../dialects/openai/response-reply.ts'
import { taskBody } from '../../dialects/orq/responses/response-body.ts'
import { TaskReply } from '../../dialects/orq/responses/response-reply.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'
import { waitingFor } from '../../staying-open.ts'
import { waitMsOf, WaitQuery } from '../../wait-query.ts'
import { dialectFor } from './shown-dialect.ts'
import { stopResponse } from './openai/cancel-response.ts'

/** Cancels a turn: 200 with the task when it has ended, 202 while it stops. */
export const cancelResponse: Route = {
  method: 'post',
  path: '/v2/agents/:agent_key/responses/:task_id/cancel',
  doc: {
    operationId: 'cancelResponse',
    tag: 'Responses',
    summary: 'Cancel the turn of a task',
    description:
      'No model or tool is called any more, and what runs is stopped. The turn fails with the error `cancelled`; one that has ended stays what it is, so to cancel twice is as once.',
    query: WaitQuery.extend(FormatQuery.shape),
    replies: {
      200: json('The turn has ended.', z.union([TaskReply, ResponseReply])),
      202: json('The turn is being stopped.', TaskReply),
    },
  },
  async handle(call, deps) {
    const { workspace, params, query, response } = call
    const { tasks } = deps
    const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
    // Where there is something to cancel, nothing is refused.
    const admit = (bytes: number, status: Status) => {
      if (hasEnded(status)) call.admit(bytes)
    }
    if ((await dialectFor(named, query, { tasks, admit })) === 'openai') {
      return await stopResponse(named, call, deps)
    }
    const waitMs = waitMsOf(query)
    const options = { waitMs, signal: waitingFor(waitMs, response, deps) }
    const { view, ended } = await tasks.cancel(named, options)
    return { status: ended ? 200 : 202, body: taskBody(view) }
  },
}
