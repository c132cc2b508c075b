import { responseId, turnFailed } from '@longhaul/core'
import type { AcceptedTurn } from '@longhaul/tasks'
import type { Dialect } from '../dialect.ts'
import { orqErrorPaths } from './error-paths.ts'
import { cancelTask } from './responses/cancel-task.ts'
import { docs } from './responses/docs.ts'
import { framesOf } from './responses/frames.ts'
import { wantsHistory, withHistory } from './responses/message-history.ts'
import { acceptedBody, endedBody, taskBody, waitingBody } from './responses/response-body.ts'
import { ResponseReply, TaskReply } from './responses/response-reply.ts'
import { ResponseRequest, toTurnRequest } from './responses/response-request.ts'
import { StreamEvent } from './responses/stream-event.ts'

/** The format of orq.ai agents: tasks and their turns. */
export const orq: Dialect<typeof ResponseRequest> = {
  name: 'orq',
  bases: [
    {
      path: '/v2/agents/:agent_key/responses',
      id: 'task_id',
      takesAll: true,
      operationIds: {
        create: 'createResponse',
        read: 'getResponse',
        start: 'startResponse',
        cancel: 'cancelResponse',
        delete: 'deleteResponse',
        inputItems: 'listInputItems',
      },
    },
  ],
  matches: (body) => 'message' in body,
  schemas: { request: ResponseRequest, reply: ResponseReply, live: TaskReply, event: StreamEvent },

  parse: (request, { workspace, agent = '' }) => toTurnRequest(request, { workspace, agent }),
  errorPaths: orqErrorPaths,

  accepted: acceptedBody,

  async waiting(turn, { query, tasks }) {
    const { facts, waiting } = await tasks.waitingCalls(turn)
    if (waiting.length === 0) return undefined
    const calls = waiting.map(({ requested }) => requested)
    const body = waitingBody(turn, calls)
    return wantsHistory(query) ? withHistory(body, facts) : body
  },

  async ended(turn, result, { query, tasks }) {
    if ('failure' in result) throw turnFailed(result.failure, idsOf(turn))
    const body = endedBody(turn, result)
    return wantsHistory(query) ? withHistory(body, await tasks.factsOfAccepted(turn)) : body
  },

  expired: ({ taskId }, { agent = '' }) => ({
    message: `The turn has not ended yet. It goes on: read it with GET, as task ${taskId}.`,
    path: `/v2/agents/${encodeURIComponent(agent)}/responses/${taskId}`,
  }),

  async live(named, { query, tasks, waitMs, signal, admit }) {
    const view = await tasks.get(named, { waitMs, signal })
    const body = taskBody(view)
    if (view.result === undefined || !wantsHistory(query)) return body
    admit(view.bytes)
    return withHistory(body, await tasks.facts(view.taskId))
  },

  // The streams of this dialect are streams of tasks, with their own path.
  streamsOnRead: false,
  frames: (taskId) => framesOf(taskId),
  cancel: cancelTask,

  docs,
}

function idsOf({ taskId, turn }: AcceptedTurn) {
  return { task_id: taskId, response_id: responseId(taskId, turn) }
}
