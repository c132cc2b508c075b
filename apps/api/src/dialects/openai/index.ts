import { LonghaulError, responseId } from '@longhaul/core'
import { openaiQuotaHeaders } from '../../http/quota-headers.ts'
import type { Dialect } from '../dialect.ts'
import { reasonBody } from '../shared/waiting.ts'
import { cancelResponse } from './cancel-response.ts'
import { base, docs } from './docs.ts'
import { openaiErrorPaths } from './error-paths.ts'
import { failedTurn } from './failed-turn.ts'
import { framesOf } from './frames.ts'
import { acceptedResponse, lateResponse } from './late-response.ts'
import { dialectName } from './request-parameters.ts'
import { responseOf } from './projection/response-projection.ts'
import { LiveResponse, ResponseReply } from './response-reply.ts'
import { ResponseRequest } from './response-request.ts'
import { StreamEvent } from './stream-event.ts'
import { toTurnRequest } from './to-turn-request.ts'

/** The format of OpenAI Responses: responses, each of which may continue another. */
export const openai: Dialect<typeof ResponseRequest> = {
  name: dialectName,
  bases: [base('/v1/responses', 'Open'), base('/v3/router/responses', 'Router')],
  matches: (body) => 'input' in body && !('message' in body),
  schemas: {
    request: ResponseRequest,
    reply: ResponseReply,
    live: LiveResponse,
    event: StreamEvent,
  },

  parse: toTurnRequest,
  isRepeated: true,
  // For a client of this dialect an agent is a model.
  explain(error, { agent }) {
    const isAgent = error.code === 'not_found' && error.fields.length === 0
    if (agent !== undefined || !isAgent) return error
    return new LonghaulError('not_found', error.message, {
      reason: 'model_not_found',
      fields: [{ path: 'model', message: error.message }],
    })
  },
  errorPaths: openaiErrorPaths,
  // The SDK repeats every 409 by itself, at once.
  errorHeaders: ({ code }) => (code === 'conflict' ? { 'x-should-retry': 'false' } : {}),
  quotaHeaders: openaiQuotaHeaders,

  accepted: ({ taskId, began }) => responseOf(taskId, [began]),

  async ended(turn, _result, context) {
    const response = await acceptedResponse(turn, context)
    // A cancelled response has an error, too: without one, clients would take it for an empty answer.
    if (response?.error == null) return response
    throw failedTurn(response.error, { task_id: turn.taskId, response_id: response.id })
  },

  late: lateResponse,

  expired({ taskId, turn }, { path }) {
    const id = responseId(taskId, turn)
    return {
      message: `The response has not ended yet. It goes on: read it with GET, as ${id}.`,
      path: `${path.replace(/\/$/, '')}/${id}`,
    }
  },

  async live(named, { tasks, waitMs, signal, admit }) {
    const { taskId, facts, waiting } = await tasks.turn(named, { waitMs, signal, admit })
    const response = await responseOf(taskId, facts)
    return waiting === undefined ? response : { ...response, waiting: reasonBody(waiting) }
  },

  streamsOnRead: true,
  cutsStreams: true,
  frames: framesOf,
  cancel: cancelResponse,

  docs,
}
