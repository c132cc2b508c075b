import { LonghaulError, responseId, turnFailed } from '@longhaul/core'
import type { AcceptedTurn } from '@longhaul/tasks'
import { z } from 'zod'
import { isGone } from '../closing.ts'
import type { Deps } from '../deps.ts'
import { openaiErrorPaths } from '../dialects/openai/error-paths.ts'
import { ResponseReply as OpenResponseReply } from '../dialects/openai/response-reply.ts'
import { ResponseRequest as OpenResponseRequest } from '../dialects/openai/response-request.ts'
import { StreamEvent as OpenStreamEvent } from '../dialects/openai/stream-event.ts'
import { IncludeQuery, wantsExchange, withExchange } from '../dialects/orq/exchange.ts'
import { framesOf } from '../dialects/orq/frames.ts'
import { acceptedBody, endedBody, waitingBody } from '../dialects/orq/response-body.ts'
import { ResponseReply } from '../dialects/orq/response-reply.ts'
import { ResponseRequest, toTurnRequest } from '../dialects/orq/response-request.ts'
import { StreamEvent } from '../dialects/orq/stream-event.ts'
import { IdempotencyHeader, idempotencyOf } from '../idempotency.ts'
import { publicPath } from '../public-path.ts'
import { relay } from '../relay.ts'
import { type Call, type Reply, type Route, variant } from '../route.ts'
import { stayingOpen } from '../staying-open.ts'
import { respond } from './openai/create-response.ts'

/** Takes a turn and answers at once (background), when it has ended, or as it goes (stream). */
export const createResponse: Route<typeof ResponseRequest> = {
  method: 'post',
  path: '/v2/agents/:agent_key/responses',
  body: ResponseRequest,
  refusesUnsupported: true,
  variant: variant({
    isMeant: (given) => 'input' in given && !('message' in given),
    body: OpenResponseRequest,
    errorPaths: openaiErrorPaths,
    handle: (call, deps) => respond(call, deps, call.params['agent_key'] ?? ''),
  }),
  doc: {
    operationId: 'createResponse',
    tag: 'Responses',
    summary: 'Say something to an agent',
    description: [
      'Begins a task, or goes on with the one that `task_id` names. The turn runs to its end whether or not somebody waits for it.',
      'A body with `input` in place of `message` is one of OpenAI Responses, and so is its reply.',
      'The reply comes when the turn has ended; with `background`, at once and without output, to be read later with GET; with `stream`, as server-sent events.',
    ].join('\n\n'),
    query: IncludeQuery,
    headers: IdempotencyHeader,
    replies: {
      200: {
        description: 'The turn: ended, or just accepted, or as it goes.',
        content: {
          'application/json': z.union([ResponseReply, OpenResponseReply]),
          'text/event-stream': z.union([StreamEvent, OpenStreamEvent]),
        },
      },
    },
    errors: {
      409: 'The task has a turn in progress, or the turn was cancelled.',
      422: 'The turn failed: `context_too_long` or `task_full`.',
      429: 'The turn failed: its model has had too many requests.',
      502: 'The turn failed: `provider_failed`, `output_too_large` or `output_invalid`.',
      504: 'The turn has not ended yet and goes on, or it has passed its deadline.',
    },
  },
  async handle(call, deps) {
    const { body: request } = call
    const agent = call.params['agent_key'] ?? ''
    // A stream is the stronger wish: it tells the type of the reply.
    const streamed = request.stream === true
    const stays = streamed || request.background !== true
    const signal = stays ? stayingOpen(call.response, deps) : undefined
    const idempotency = idempotencyOf(call.request, { agent, body: call.body })
    const turn = await deps.tasks.submit(
      {
        ...toTurnRequest(request, { workspace: call.workspace, agent }),
        callerWait: stays && !streamed ? deps.syncWaitMs : undefined,
        ...(idempotency && { idempotency }),
      },
      call.admit,
    )
    call.bodyDone()
    if (turn.replayed) call.response.locals.headers = { 'idempotent-replayed': 'true' }
    if (signal === undefined) return { status: 200, body: acceptedBody(turn) }
    return streamed
      ? await streamTurn(turn, { ...call, signal }, deps)
      : await waitForTurn(turn, { ...call, signal }, deps)
  },
}

async function streamTurn(
  turn: AcceptedTurn,
  { response, signal }: Call & { signal: AbortSignal },
  { tasks }: Deps,
): Promise<undefined> {
  const entries = tasks.watchTurn(turn, signal)
  await relay({ entries, framesOf: framesOf(turn.taskId) }, { response, signal })
}

async function waitForTurn(
  turn: AcceptedTurn,
  { params, query, request, response, signal }: Call & { signal: AbortSignal },
  { tasks, syncWaitMs }: Deps,
): Promise<Reply | undefined> {
  const result = await tasks.wait(turn, { ms: syncWaitMs, signal })
  if (isGone(response)) return undefined
  const ids = { task_id: turn.taskId, response_id: responseId(turn.taskId, turn.turn) }
  if (result === undefined) {
    const { facts, waiting } = await tasks.waitingCalls(turn)
    if (waiting.length > 0) {
      const calls = waiting.map(({ requested }) => requested)
      const body = waitingBody(turn, calls)
      if (!wantsExchange(query)) return { status: 200, large: true, owed: true, body }
      return { status: 200, large: true, owed: true, body: withExchange(body, facts) }
    }
    const task = `/v2/agents/${encodeURIComponent(params['agent_key'] ?? '')}/responses/${turn.taskId}`
    const location = publicPath(task, request)
    response.locals.headers = { ...response.locals.headers, location }
    throw new LonghaulError(
      'wait_expired',
      `The turn has not ended yet. It goes on: read it with GET, as task ${turn.taskId}.`,
      { details: ids },
    )
  }
  if ('failure' in result) throw turnFailed(result.failure, ids)
  const body = endedBody(turn, result)
  if (!wantsExchange(query)) return { status: 200, large: true, owed: true, body }
  return {
    status: 200,
    large: true,
    owed: true,
    body: withExchange(body, await tasks.factsOfAccepted(turn)),
  }
}
