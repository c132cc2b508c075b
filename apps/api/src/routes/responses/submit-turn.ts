import { LonghaulError, responseId, type SubmitQuota } from '@longhaul/core'
import type { AcceptedTurn } from '@longhaul/tasks'
import type { Response } from 'express'
import { isGone } from '../../http/abort-on-disconnect.ts'
import type { Deps } from '../../deps.ts'
import type { Dialect, ReplyMode } from '../../dialects/dialect.ts'
import { idempotencyOf } from '../../request/idempotency-key.ts'
import { publicPath } from '../../http/public-path.ts'
import { quotaHeaders } from '../../http/quota-headers.ts'
import { sendEvents } from '../../reply/send-events.ts'
import type { Call, Reply } from '../../route.ts'
import { holdOpen } from '../../http/hold-open.ts'
import { replyAfterWait } from './reply-after-wait.ts'

/** Submits the turn of a request, and replies in its dialect and in the requested mode. */
export async function submitTurn(
  dialect: Dialect,
  call: Call<ReplyMode>,
  deps: Deps,
): Promise<Reply | undefined> {
  // The content type of the reply depends on `stream`, so it takes precedence over `background`.
  const streamed = call.body.stream === true
  const waits = !streamed && call.body.background !== true
  const signal = streamed || waits ? holdOpen(call.response, deps) : undefined
  const turn = await accept(dialect, call, {
    deps,
    isAwaited: streamed || waits,
    callerWait: waits ? deps.syncWaitMs : undefined,
  })
  call.bodyDone()
  addHeaders(call.response, headersOf(turn))
  if (signal === undefined) return { status: 200, body: await dialect.accepted(turn) }
  if (!streamed) return await replyWhenEnded(turn, dialect, { ...call, signal }, deps)
  const entries = deps.tasks.watchTurn(turn, signal)
  const framesOf = dialect.frames(turn.taskId)
  const { cutsStreams: cut } = dialect
  await sendEvents({ entries, framesOf }, { response: call.response, signal, cut })
  return undefined
}

function headersOf({ replayed, began: { ignored } }: AcceptedTurn): Record<string, string> {
  return {
    ...(replayed && { 'idempotent-replayed': 'true' }),
    ...(ignored !== undefined && { 'longhaul-ignored': ignored.join(', ') }),
  }
}

function addHeaders(response: Response, headers: Record<string, string>): void {
  response.locals.headers = { ...response.locals.headers, ...headers }
}

/** Rejects with an error of the dialect. Every reply has what the workspace may still submit, as far as it is known. */
async function accept(
  dialect: Dialect,
  { body, params, workspace, request, response, admit }: Call<ReplyMode>,
  {
    deps,
    isAwaited,
    callerWait,
  }: { deps: Deps; isAwaited: boolean; callerWait: number | undefined },
): Promise<AcceptedTurn> {
  const report = (quota: SubmitQuota) =>
    addHeaders(response, { ...quotaHeaders(quota), ...dialect.quotaHeaders?.(quota) })
  const known = deps.quotas.of(workspace)
  if (known !== undefined) report(known)
  const agent = params['agent_key']
  const target = { workspace, agent }
  const idempotency = idempotencyOf(request, { agent, body })
  const turn = {
    ...dialect.parse(body, target),
    isAwaited,
    callerWait,
    ...(idempotency && { idempotency }),
  }
  try {
    return await deps.tasks.submit(turn, admit, (quota) => {
      deps.quotas.note(workspace, quota)
      report(quota)
    })
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error
    throw dialect.explain?.(error, target) ?? error
  }
}

/** Returns undefined if the caller has disconnected. Rejects if the turn takes longer than a request may wait. */
async function replyWhenEnded(
  turn: AcceptedTurn,
  dialect: Dialect,
  call: Call & { signal: AbortSignal },
  deps: Deps,
): Promise<Reply | undefined> {
  const { params, query, request, response, signal } = call
  const { tasks, syncWaitMs, stopping } = deps
  const result = await tasks.wait(turn, { ms: syncWaitMs, signal })
  if (isGone(response)) return undefined
  const context = { query, tasks, signal }
  const body = await (result === undefined
    ? dialect.waiting?.(turn, context)
    : dialect.ended(turn, result, context))
  if (isGone(response)) return undefined
  if (body !== undefined) return { status: 200, large: true, owed: true, body }
  const { message, path } = dialect.expired(turn, {
    agent: params['agent_key'],
    path: request.path,
  })
  response.locals.headers = { ...response.locals.headers, location: publicPath(path, request) }
  const details = { task_id: turn.taskId, response_id: responseId(turn.taskId, turn.turn) }
  if (dialect.late === undefined) throw new LonghaulError('wait_expired', message, { details })
  if (!stopping.aborted) return await replyAfterWait(turn, dialect, response, deps)
  response.locals.headers['x-should-retry'] = 'false'
  throw new LonghaulError('unavailable', message, { details })
}
