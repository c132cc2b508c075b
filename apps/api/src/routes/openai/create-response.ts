import { LonghaulError, responseId } from '@longhaul/core'
import type { AcceptedTurn } from '@longhaul/tasks'
import { isGone } from '../../closing.ts'
import type { Deps } from '../../deps.ts'
import { openaiErrorPaths } from '../../dialects/openai/error-paths.ts'
import { framesOf } from '../../dialects/openai/frames.ts'
import { responseOf } from '../../dialects/openai/narrator.ts'
import { ResponseReply } from '../../dialects/openai/response-reply.ts'
import { ResponseRequest } from '../../dialects/openai/response-request.ts'
import { StreamEvent } from '../../dialects/openai/stream-event.ts'
import { toTurnRequest } from '../../dialects/openai/to-turn-request.ts'
import { IdempotencyHeader, idempotencyOf } from '../../idempotency.ts'
import { publicPath } from '../../public-path.ts'
import { relay } from '../../relay.ts'
import type { Call, Reply, Route } from '../../route.ts'
import { stayingOpen } from '../../staying-open.ts'
import { bases } from './bases.ts'

export const replyContent = { 'application/json': ResponseReply, 'text/event-stream': StreamEvent }

/** Takes a turn and answers at once (background), when it has ended, or as it goes (stream). */
export const createOpenResponses: Route<typeof ResponseRequest>[] = bases.map(({ path, name }) => ({
  method: 'post',
  path,
  body: ResponseRequest,
  errorPaths: openaiErrorPaths,
  refusesUnsupported: true,
  doc: {
    operationId: `create${name}Response`,
    tag: 'OpenAI Responses',
    summary: 'Say something to an agent or to a model',
    description:
      'The same tasks in the dialect of OpenAI Responses. The turn runs to its end whether or not somebody waits for it; one that fails is a response with the status `failed`.',
    headers: IdempotencyHeader,
    replies: { 200: { description: 'The response.', content: replyContent } },
    errors: {
      404: 'There is no such agent.',
      409: 'The task has a turn in progress.',
      422: 'The task has no room left, or the Idempotency-Key belongs to another request.',
      504: 'The turn has not ended yet, and goes on.',
    },
  },
  handle: (call, deps) => respond(call, deps, undefined),
}))

/** Has a turn run, by the agent of the path where that names one. */
export async function respond(
  call: Call<ResponseRequest>,
  deps: Deps,
  agent: string | undefined,
): Promise<Reply | undefined> {
  const { body: request, workspace, response } = call
  const { tasks, syncWaitMs } = deps
  const streamed = request.stream === true
  const stays = streamed || request.background !== true
  const signal = stays ? stayingOpen(response, deps) : undefined
  const idempotency = idempotencyOf(call.request, { agent, body: request })
  const turn = await tasks
    .submit(
      {
        ...toTurnRequest(request, { workspace, agent }),
        callerWait: stays && !streamed ? syncWaitMs : undefined,
        ...(idempotency && { idempotency }),
      },
      call.admit,
    )
    .catch((error: unknown) => {
      throw agent === undefined ? asUnknownModel(error) : error
    })
  call.bodyDone()
  if (turn.replayed) response.locals.headers = { 'idempotent-replayed': 'true' }
  if (signal === undefined) {
    return { status: 200, body: await responseOf(turn.taskId, [turn.began]) }
  }
  if (streamed) {
    const entries = tasks.watchTurn(turn, signal)
    await relay({ entries, framesOf: framesOf(turn.taskId) }, { response, signal })
    return undefined
  }
  return await answerWhenEnded(turn, { ...call, signal }, deps)
}

/** Nothing when the caller is gone; rejects when the turn takes too long for it. */
async function answerWhenEnded(
  turn: AcceptedTurn,
  { response, request, signal }: Call & { signal: AbortSignal },
  { tasks, syncWaitMs }: Deps,
): Promise<Reply | undefined> {
  const result = await tasks.wait(turn, { ms: syncWaitMs, signal })
  const facts = result && (await tasks.recordedBy(turn, signal))
  if (isGone(response)) return undefined
  if (facts !== undefined)
    return { status: 200, large: true, owed: true, body: await responseOf(turn.taskId, facts) }
  const id = responseId(turn.taskId, turn.turn)
  const location = publicPath(`${request.path.replace(/\/$/, '')}/${id}`, request)
  response.locals.headers = { ...response.locals.headers, location }
  throw new LonghaulError(
    'wait_expired',
    `The response has not ended yet. It goes on: read it with GET, as ${id}.`,
    { details: { task_id: turn.taskId, response_id: id } },
  )
}

/** To a client of this dialect an agent is a model. */
function asUnknownModel(error: unknown): unknown {
  if (!(error instanceof LonghaulError) || error.code !== 'not_found') return error
  return new LonghaulError('not_found', error.message, {
    reason: 'model_not_found',
    fields: [{ path: 'model', message: error.message }],
  })
}
