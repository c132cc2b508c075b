import { responseId, type TaskView, turnFailed } from '@longhaul/core'
import type { AcceptedTurn } from '@longhaul/tasks'
import type { Dialect } from '../dialect.ts'
import { ReadyBody } from '../../reply/ready-body.ts'
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
    if (view.result === undefined) return taskBody(view)
    if (!wantsHistory(query)) return readyBody(view)
    admit(view.bytes)
    return withHistory(taskBody(view), await tasks.facts(view.taskId))
  },

  // The streams of this dialect are streams of tasks, with their own path.
  streamsOnRead: false,
  frames: (taskId) => framesOf(taskId),
  cancel: cancelTask,

  docs,
}

/** By view: the store returns the same one for as long as an ended task does not change. */
const readyBodies = new WeakMap<TaskView, ReadyBody>()

function readyBody(view: TaskView): ReadyBody {
  const known = readyBodies.get(view)
  if (known !== undefined) return known
  const body = new ReadyBody(taskBody(view))
  readyBodies.set(view, body)
  return body
}

function idsOf({ taskId, turn }: AcceptedTurn) {
  return { task_id: taskId, response_id: responseId(taskId, turn) }
}
